//! Many destinations at once, on one thread, without callbacks: the engine
//! of libmxsel-ldns, for loops, for reactors and for `async`.
//!
//! A selection that the engine answers may have questions under way while its
//! attempt is tried. So neither engine nor selection can leave the thread, and
//! the selection can be looked at but not taken out.

use crate::attempt::Attempt;
use crate::error::check;
use crate::options::{made, milliseconds, Answerer, Options, Sts};
use crate::pointer::c_text;
use crate::selection::Selection;
use crate::{EngineSetting, Error, Outcome, Statistic, TlsWish, TlsrptResult};
use mxsel_sys as sys;
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::ops::Deref;
use std::os::raw::c_int;
use std::os::unix::io::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::pin::Pin;
use std::ptr::{null, NonNull};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// A selection that is under way, by its address.
enum Slot {
    /// It waits, and so may a task.
    Waiting(Option<Waker>),
    /// It can go on.
    Ready,
}

struct Shared {
    raw: NonNull<sys::mxsel_engine>,
    slots: RefCell<HashMap<usize, Slot>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: made by us, and dropped once.
        unsafe { sys::mxsel_engine_free(self.raw.as_ptr()) }
    }
}

/// Any number of selections at once.
///
/// A clone is the same engine. Like its selections it stays on its thread:
///
/// ```compile_fail,E0277
/// fn send<T: Send>() {}
/// send::<mxsel::Engine>();
/// ```
///
/// ```compile_fail,E0277
/// fn send<T: Send>() {}
/// send::<mxsel::Running>();
/// ```
#[derive(Clone)]
pub struct Engine(Rc<Shared>);

impl Engine {
    /// Ask the servers of /etc/resolv.conf.
    pub fn system() -> Result<Engine, Error> {
        Engine::made(|out| unsafe { sys::mxsel_engine_new(out, null()) })
    }

    /// Ask these servers: "192.0.2.53", "::1@5353".
    pub fn at(servers: &[&str]) -> Result<Engine, Error> {
        let none = c_text("")?;
        let engine = Engine::made(|out| unsafe {
            sys::mxsel_engine_new(out, none.as_ptr())
        })?;
        for server in servers {
            let server = c_text(server)?;
            // SAFETY: both outlive the call.
            check(unsafe {
                sys::mxsel_engine_add_server(engine.raw(), server.as_ptr())
            })?;
        }
        Ok(engine)
    }

    fn made(
        new: impl FnOnce(*mut *mut sys::mxsel_engine) -> c_int,
    ) -> Result<Engine, Error> {
        let (raw, slots) = (made(new)?, RefCell::default());
        Ok(Engine(Rc::new(Shared { raw, slots })))
    }

    fn raw(&self) -> *mut sys::mxsel_engine {
        self.0.raw.as_ptr()
    }

    /// Change a setting, for questions asked from now on.
    pub fn set(&self, setting: EngineSetting, value: i32) -> Result<(), Error> {
        // SAFETY: an engine of ours, on its thread; so below.
        check(unsafe {
            sys::mxsel_engine_set(self.raw(), setting.number(), value)
        })?;
        Ok(())
    }

    /// Begin a selection that this engine answers. The options have no
    /// resolver, else `Error::Usage`.
    pub fn select(
        &self,
        destination: impl AsRef<[u8]>,
        options: &Options,
    ) -> Result<Running, Error> {
        match options.answerer() {
            Answerer::Engine => {
                let destination = destination.as_ref();
                self.run_it(Selection::begin(destination, options)?)
            }
            _ => Err(Error::Usage),
        }
    }

    /// Go on with what [`Selection::save`] wrote.
    pub fn resume(
        &self,
        bytes: &[u8],
        options: &Options,
    ) -> Result<Running, Error> {
        match options.answerer() {
            Answerer::Engine => self.run_it(Selection::go_on(bytes, options)?),
            _ => Err(Error::Usage),
        }
    }

    fn run_it(&self, selection: Selection) -> Result<Running, Error> {
        Ok(Running {
            selection,
            engine: self.clone(),
        })
    }

    /// Do all that can be done now: when the descriptor is readable, or
    /// [`timeout`](Engine::timeout) has passed.
    pub fn process(&self) -> Result<(), Error> {
        check(unsafe { sys::mxsel_engine_process(self.raw()) })?;
        self.wake();
        Ok(())
    }

    /// The same for programs without an event loop: wait first, `None`: as
    /// long as need be.
    pub fn wait(&self, longest: Option<Duration>) -> Result<(), Error> {
        let time = longest.map_or(-1, milliseconds);
        check(unsafe { sys::mxsel_engine_wait(self.raw(), time) })?;
        self.wake();
        Ok(())
    }

    /// Wakers are called when nothing is borrowed any more: they may do
    /// whatever they like.
    fn wake(&self) {
        let mut woken = Vec::new();
        loop {
            let m = unsafe { sys::mxsel_engine_ready(self.raw()) };
            if m.is_null() {
                break;
            }
            let mut slots = self.0.slots.borrow_mut();
            let slot = slots.insert(m as usize, Slot::Ready);
            if let Some(Slot::Waiting(Some(waker))) = slot {
                woken.push(waker);
            }
        }
        woken.into_iter().for_each(Waker::wake);
    }

    /// When to call [`process`](Engine::process) at the latest.
    pub fn timeout(&self) -> Option<Duration> {
        let time = unsafe { sys::mxsel_engine_timeout(self.raw()) };
        u64::try_from(time).ok().map(Duration::from_millis)
    }

    /// Selections under way.
    pub fn count(&self) -> usize {
        unsafe { sys::mxsel_engine_count(self.raw()) }
    }

    /// Questions that wait for their turn: to begin further selections while
    /// there are any gains nothing.
    pub fn queued(&self) -> usize {
        unsafe { sys::mxsel_engine_queued(self.raw()) }
    }

    /// How often something happened.
    pub fn statistic(&self, which: Statistic) -> u64 {
        unsafe { sys::mxsel_engine_statistic(self.raw(), which.number()) }
    }

    /// Run futures that wait for this engine, and for nothing else, until all
    /// have ended; what they came to, in their order.
    pub fn run<F: Future>(
        &self,
        futures: impl IntoIterator<Item = F>,
    ) -> Result<Vec<F::Output>, Error> {
        let woken = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for future in futures {
            let task = Task {
                place: tasks.len(),
                woken: woken.clone(),
            };
            tasks.push((Box::pin(future), Waker::from(Arc::new(task)), None));
        }
        let mut left = tasks.len();
        let mut now: Vec<usize> = (0..left).collect();
        while left > 0 {
            for place in now {
                let (future, waker, output) = &mut tasks[place];
                if output.is_some() {
                    continue;
                }
                let mut context = Context::from_waker(waker);
                if let Poll::Ready(it) = future.as_mut().poll(&mut context) {
                    *output = Some(it);
                    left -= 1;
                }
            }
            now = take(&woken);
            if now.is_empty() && left > 0 {
                self.wait(None)?;
                now = take(&woken);
            }
        }
        Ok(tasks.into_iter().filter_map(|(_, _, it)| it).collect())
    }
}

/// A task of [`Engine::run`] that can go on.
struct Task {
    place: usize,
    woken: Arc<Mutex<Vec<usize>>>,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.woken.lock().unwrap().push(self.place);
    }
}

fn take(woken: &Mutex<Vec<usize>>) -> Vec<usize> {
    std::mem::take(&mut *woken.lock().unwrap())
}

/// Watch it for reading; the descriptor is for that only.
///
/// # Panics
/// On systems that have neither epoll nor kqueue: use [`Engine::wait`] there.
impl AsFd for Engine {
    fn as_fd(&self) -> BorrowedFd<'_> {
        let fd = unsafe { sys::mxsel_engine_fd(self.raw()) };
        assert!(fd >= 0, "no descriptor to watch on this system");
        // SAFETY: open, and the engine's as long as it lives.
        unsafe { BorrowedFd::borrow_raw(fd) }
    }
}

/// For reactors that are older than [`AsFd`].
impl AsRawFd for Engine {
    fn as_raw_fd(&self) -> RawFd {
        self.as_fd().as_raw_fd()
    }
}

/// A selection that an engine answers.
///
/// All that can be read of a [`Selection`] can be read here. As an iterator
/// it waits; [`next_attempt`](Running::next_attempt) is the same for `async`.
pub struct Running {
    // Dropped before the engine is.
    selection: Selection,
    engine: Engine,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _slot = self.engine.0.slots.borrow_mut().remove(&self.key());
    }
}

impl Deref for Running {
    type Target = Selection;

    fn deref(&self) -> &Selection {
        &self.selection
    }
}

impl Running {
    fn key(&self) -> usize {
        self.selection.raw() as usize
    }

    /// Go on as far as the answers reach. `Pending`: the engine is to be run,
    /// by [`Engine::wait`] or [`Engine::process`], and wakes the task.
    pub fn poll_attempt(
        &mut self,
        context: Option<&Context<'_>>,
    ) -> Poll<Option<Result<Attempt, Error>>> {
        let waker = context.map(|context| context.waker().clone());
        let key = self.key();
        let mut slots = self.engine.0.slots.borrow_mut();
        if let Some(Slot::Waiting(waiting)) = slots.get_mut(&key) {
            // What a waker does when it is dropped is not known either.
            let _old = std::mem::replace(waiting, waker);
            drop(slots);
            return Poll::Pending;
        }
        slots.remove(&key);
        let engine = self.engine.raw();
        let m = self.selection.raw();
        let left = self.selection.left_host();
        // SAFETY: both are ours, and on their thread.
        let r = match left {
            Some(r) if r != sys::MXSEL_LOOKUP => r,
            _ => unsafe { sys::mxsel_engine_next(engine, m) },
        };
        if r == sys::MXSEL_LOOKUP {
            slots.insert(key, Slot::Waiting(waker));
            return Poll::Pending;
        }
        Poll::Ready(self.selection.reached(r))
    }

    /// The next attempt, awaited; `None` at the end.
    pub fn next_attempt(&mut self) -> NextAttempt<'_> {
        NextAttempt(self)
    }

    /// As [`Selection::leave_host`].
    pub fn leave_host(&mut self) {
        self.selection.leave_host();
    }

    /// As [`Selection::report`].
    pub fn report(&mut self, outcome: Outcome) -> Result<(), Error> {
        self.selection.report(outcome)
    }

    /// As [`Selection::report_reply`].
    pub fn report_reply(
        &mut self,
        outcome: Outcome,
        code: u16,
        reply: impl AsRef<[u8]>,
    ) -> Result<(), Error> {
        self.selection.report_reply(outcome, code, reply)
    }

    /// As [`Selection::report_tls`].
    pub fn report_tls(&mut self, result: TlsrptResult) -> Result<(), Error> {
        self.selection.report_tls(result)
    }

    /// As [`Selection::set_tls`].
    pub fn set_tls(&mut self, wish: TlsWish) -> Result<(), Error> {
        self.selection.set_tls(wish)
    }

    /// As [`Selection::set_sts`].
    pub fn set_sts(
        &mut self,
        policy: Option<&Sts>,
        now: u64,
    ) -> Result<(), Error> {
        self.selection.set_sts(policy, now)
    }

    /// As [`Selection::seed`].
    pub fn seed(&mut self) -> Result<u64, Error> {
        self.selection.seed()
    }
}

impl Iterator for Running {
    type Item = Result<Attempt, Error>;

    /// The next attempt; runs the engine, for all others too, until it is
    /// there.
    fn next(&mut self) -> Option<Result<Attempt, Error>> {
        loop {
            match self.poll_attempt(None) {
                Poll::Ready(attempt) => return attempt,
                Poll::Pending => {
                    if let Err(error) = self.engine.wait(None) {
                        return Some(Err(error));
                    }
                }
            }
        }
    }
}

/// The future of [`Running::next_attempt`].
#[must_use = "nothing happens before it is awaited"]
pub struct NextAttempt<'a>(&'a mut Running);

impl Future for NextAttempt<'_> {
    type Output = Option<Result<Attempt, Error>>;

    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        self.0.poll_attempt(Some(context))
    }
}
