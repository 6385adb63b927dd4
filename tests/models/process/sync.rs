//! What threads share, as the model checker has it.

pub use loom::sync::{Condvar, Mutex, MutexGuard, atomic};
pub use std::sync::PoisonError;

use atomic::{AtomicUsize, Ordering};
use std::ops::Deref;

/// A count whose each change is an event to the model checker, which has none that can be weak.
pub struct Arc<T: ?Sized> {
    value: std::sync::Arc<T>,
    touched: std::sync::Arc<AtomicUsize>,
}

/// A pointer that keeps nothing alive.
pub struct Weak<T: ?Sized> {
    value: std::sync::Weak<T>,
    touched: std::sync::Arc<AtomicUsize>,
}

impl<T> Arc<T> {
    pub fn new(value: T) -> Self {
        Self { value: std::sync::Arc::new(value), touched: std::sync::Arc::new(AtomicUsize::new(1)) }
    }
}

impl<T: ?Sized> Arc<T> {
    /// The same as something that has no size.
    pub fn map<U: ?Sized>(self, unsize: impl FnOnce(std::sync::Arc<T>) -> std::sync::Arc<U>) -> Arc<U> {
        self.touched.fetch_add(1, Ordering::Relaxed);
        Arc { value: unsize(std::sync::Arc::clone(&self.value)), touched: std::sync::Arc::clone(&self.touched) }
    }

    pub fn downgrade(this: &Self) -> Weak<T> {
        Weak { value: std::sync::Arc::downgrade(&this.value), touched: std::sync::Arc::clone(&this.touched) }
    }
}

impl<T: Default> Default for Arc<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized> Clone for Arc<T> {
    fn clone(&self) -> Self {
        self.touched.fetch_add(1, Ordering::Relaxed);
        Self { value: std::sync::Arc::clone(&self.value), touched: std::sync::Arc::clone(&self.touched) }
    }
}

impl<T: ?Sized> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> Drop for Arc<T> {
    fn drop(&mut self) {
        self.touched.fetch_sub(1, Ordering::AcqRel);
    }
}

impl<T: ?Sized> Weak<T> {
    pub fn upgrade(&self) -> Option<Arc<T>> {
        self.touched.fetch_add(0, Ordering::AcqRel);
        let value = self.value.upgrade()?;
        self.touched.fetch_add(1, Ordering::Relaxed);
        Some(Arc { value, touched: std::sync::Arc::clone(&self.touched) })
    }
}

impl<T: ?Sized> Clone for Weak<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), touched: std::sync::Arc::clone(&self.touched) }
    }
}
