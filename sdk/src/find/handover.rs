//! Hands one answer at a time from the thread that asks ahead to the one that reads: a channel that holds nothing.
//!
//! Those of the standard library can do more, and take a twentieth of the whole crate's code.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// One of the two sides: one only gives, the other one only receives. When one is gone, the other one learns it.
pub(super) struct Side<T>(Arc<Meeting<T>>);

struct Meeting<T> {
    slot: Mutex<Slot<T>>,
    changed: Condvar,
}

struct Slot<T> {
    thing: Option<T>,
    /// Whether somebody waits to receive it.
    is_awaited: bool,
    /// Whether one side is gone.
    is_over: bool,
}

/// Both sides.
pub(super) fn sides<T>() -> (Side<T>, Side<T>) {
    let slot = Mutex::new(Slot { thing: None, is_awaited: false, is_over: false });
    let meeting = Arc::new(Meeting { slot, changed: Condvar::new() });
    (Side(Arc::clone(&meeting)), Side(meeting))
}

impl<T> Side<T> {
    /// Waits until the thing is received, unless somebody waits for it already; says whether it was, or will be.
    pub(super) fn give(&self, thing: T) -> bool {
        let mut slot = self.slot();
        // Who waited for the thing before may not have woken yet.
        while slot.thing.is_some() && !slot.is_over {
            slot = self.change(slot);
        }
        slot.thing = Some(thing);
        self.0.changed.notify_one();
        while slot.thing.is_some() && !slot.is_awaited && !slot.is_over {
            slot = self.change(slot);
        }
        slot.is_awaited || slot.thing.take().is_none()
    }

    /// Waits for a thing, unless none can come any more.
    pub(super) fn receive(&self) -> Option<T> {
        let mut slot = self.slot();
        slot.is_awaited = true;
        while slot.thing.is_none() && !slot.is_over {
            slot = self.change(slot);
        }
        slot.is_awaited = false;
        self.0.changed.notify_one();
        slot.thing.take()
    }

    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.0.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<'a>(&'a self, slot: MutexGuard<'a, Slot<T>>) -> MutexGuard<'a, Slot<T>> {
        self.0.changed.wait(slot).unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for Side<T> {
    fn drop(&mut self) {
        self.slot().is_over = true;
        self.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn things_come_in_turn_until_a_side_is_gone() {
        let (giver, taker) = sides();
        let thread = thread::spawn(move || (0..3).map(|thing| giver.give(thing)).collect::<Vec<_>>());
        assert_eq!([taker.receive(), taker.receive()], [Some(0), Some(1)]);
        drop(taker);
        assert_eq!(thread.join().expect("the thread ends"), [true, true, false]);
    }

    #[test]
    fn nothing_comes_from_a_thread_that_panics() {
        let (giver, taker) = sides::<u8>();
        let thread = thread::spawn(move || {
            let _giver = giver;
            panic!("as a transport may");
        });
        assert_eq!(taker.receive(), None);
        assert_eq!(taker.receive(), None);
        thread.join().expect_err("the thread panics");
    }
}
