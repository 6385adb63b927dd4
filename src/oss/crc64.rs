//! CRC-64/XZ, the checksum that OSS keeps of every part and object.

use crc_fast::CrcAlgorithm::Crc64Xz;

/// A checksum in the making.
#[derive(Clone, Copy, Debug)]
pub struct Crc64(crc_fast::Digest);

impl Crc64 {
    /// The checksum of nothing yet.
    pub fn new() -> Self {
        Self(crc_fast::Digest::new(Crc64Xz))
    }

    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of all bytes so far.
    pub fn value(&self) -> u64 {
        self.0.finalize()
    }
}

impl Default for Crc64 {
    fn default() -> Self {
        Self::new()
    }
}

/// The checksum of some bytes.
pub fn checksum(bytes: &[u8]) -> u64 {
    crc_fast::checksum(Crc64Xz, bytes)
}

/// The checksum of two runs of bytes, one after the other, from the checksum of each.
///
/// A checksum is a polynomial modulo `POLY`, and n bytes behind it multiply it by x^8n. The product of a few
/// powers that are known beforehand takes a hundredth of the time of squaring matrices, which counts with 10,000
/// parts.
pub fn combine(first: u64, second: u64, second_length: u64) -> u64 {
    if second_length == 0 {
        return first;
    }
    let bits = (0..u64::BITS as usize).filter(|bit| second_length >> bit & 1 == 1);
    bits.fold(first, |shifted, bit| multiply(shifted, SHIFTS[bit])) ^ second
}

/// The polynomial of ECMA-182; here, as in all checksums, the highest bit is the coefficient of x^0.
const POLY: u64 = 0xc96c_5795_d787_0f42;

/// x^(8·2^i): what 2^i bytes multiply a checksum by.
const SHIFTS: [u64; 64] = {
    let mut shifts = [1 << (63 - 8); 64];
    let mut i = 1;
    while i < shifts.len() {
        shifts[i] = multiply(shifts[i - 1], shifts[i - 1]);
        i += 1;
    }
    shifts
};

const fn multiply(mut a: u64, mut b: u64) -> u64 {
    let mut product = 0;
    while a != 0 {
        if a >> 63 == 1 {
            product ^= b;
        }
        a <<= 1;
        b = if b & 1 == 1 { b >> 1 ^ POLY } else { b >> 1 };
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: &[u8] = b"123456789";
    const B: &[u8] = b"This is a test of the emergency broadcast system.";

    #[test]
    fn known_checksums() {
        assert_eq!(checksum(b""), 0);
        assert_eq!(checksum(b"a"), 3_675_645_893_302_102_789);
        assert_eq!(checksum(b"Hello World"), 4_500_349_916_731_002_310);
        assert_eq!(checksum(A), 0x995d_c9bb_df19_39fa);
        assert_eq!(checksum(B), 0x27db_187f_c15b_bc72);
        assert_eq!(checksum(&[A, B].concat()), 0x6a7a_a19f_cbf4_8688);
        assert_eq!(checksum(&vec![0; 100 << 10]), 15_337_097_285_471_591_505);
        assert_eq!(checksum(&vec![0; 1 << 20]), 6_947_770_692_288_575_170);
    }

    #[test]
    fn known_combinations() {
        let zeros = checksum(&vec![0; 100 << 10]);
        assert_eq!(combine(checksum(A), checksum(B), B.len() as u64), 7_672_622_622_872_733_320);
        assert_eq!(combine(zeros, zeros, 100 << 10), 2_302_632_071_414_214_053);
    }

    #[test]
    fn nothing_changes_nothing() {
        assert_eq!(combine(checksum(A), checksum(b""), 0), checksum(A));
        assert_eq!(combine(checksum(A), checksum(B), 0), checksum(A));
        assert_eq!(combine(0, checksum(B), B.len() as u64), checksum(B));
    }

    proptest! {
        #[test]
        fn any_length_combines_as_elsewhere(first: u64, second: u64, length in 1..u64::MAX >> 3) {
            prop_assert_eq!(combine(first, second, length), crc_fast::checksum_combine(Crc64Xz, first, second, length));
        }

        #[test]
        fn combining_is_concatenating(first: Vec<u8>, second: Vec<u8>) {
            let both = [first.as_slice(), second.as_slice()].concat();
            let combined = combine(checksum(&first), checksum(&second), second.len() as u64);
            prop_assert_eq!(combined, checksum(&both));
        }

        #[test]
        fn windows_add_up(windows: Vec<Vec<u8>>) {
            let mut crc = Crc64::new();
            windows.iter().for_each(|window| crc.update(window));
            prop_assert_eq!(crc.value(), checksum(&windows.concat()));
        }
    }
}
