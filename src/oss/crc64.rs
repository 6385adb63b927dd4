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
pub fn combine(first: u64, second: u64, second_length: u64) -> u64 {
    if second_length == 0 {
        return first;
    }
    crc_fast::checksum_combine(Crc64Xz, first, second, second_length)
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
