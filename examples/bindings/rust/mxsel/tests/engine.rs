//! Many destinations at once, against a name server in a thread of its own,
//! on loopback.

use mxsel::*;
use std::net::UdpSocket;
use std::os::raw::{c_int, c_short, c_ulong};
use std::os::unix::io::{AsFd, AsRawFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

/// An answer: MX is the name itself, A is 192.0.2.7, else there is nothing.
fn answer(question: &[u8]) -> Option<Vec<u8>> {
    let end = 12 + question.get(12..)?.iter().position(|octet| *octet == 0)?;
    let record: &[u8] = match question.get(end + 2)? {
        1 => &[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7],
        15 => &[0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 4, 0, 5, 0xc0, 12],
        _ => &[],
    };
    let count = u8::from(!record.is_empty());
    let mut message = question[..2].to_vec();
    message.extend([0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0]);
    message.extend(question.get(12..end + 5)?);
    message.extend(record);
    Some(message)
}

struct Server {
    name: String,
    asked: Arc<AtomicUsize>,
}

/// It ends with the process.
fn server() -> Server {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    thread::spawn(move || {
        let mut packet = [0; 512];
        while let Ok((size, from)) = socket.recv_from(&mut packet) {
            counter.fetch_add(1, Ordering::SeqCst);
            if let Some(message) = answer(&packet[..size]) {
                socket.send_to(&message, from).unwrap();
            }
        }
    });
    Server {
        name: format!("127.0.0.1@{}", port),
        asked,
    }
}

/// One where nobody listens.
fn nobody() -> Engine {
    let engine = Engine::at(&["127.0.0.1@1"]).unwrap();
    engine.set(EngineSetting::QueryTime, 200).unwrap();
    engine
}

fn options() -> Options {
    Options::builder().seed(1).build().unwrap()
}

async fn deliver(mut running: Running) -> Result<Option<Attempt>, Error> {
    let mut last = None;
    while let Some(attempt) = running.next_attempt().await {
        last = Some(attempt?);
        running.report(Outcome::Delivered)?;
    }
    assert_eq!(running.verdict().action, Action::Delivered);
    Ok(last)
}

#[test]
fn many_destinations_wait_for_answers_at_once() {
    let server = server();
    let engine = Engine::at(&[&server.name]).unwrap();
    let names: Vec<String> =
        (0..200).map(|i| format!("d{}.example", i)).collect();
    let futures = names.iter().map(|name| {
        let running = engine.select(name, &options()).unwrap();
        assert!(!engine.as_fd().as_raw_fd().is_negative());
        deliver(running)
    });
    let attempts = engine.run(futures).unwrap();
    assert_eq!(attempts.len(), 200);
    for (name, attempt) in names.iter().zip(attempts) {
        let attempt = attempt.unwrap().unwrap();
        assert_eq!(&attempt.host, name);
        assert_eq!(attempt.address, "192.0.2.7");
    }
    let asked = server.asked.load(Ordering::SeqCst);
    assert!(asked >= 200);
    assert!(engine.statistic(Statistic::SentUdp) >= asked as u64);
    assert_eq!((engine.count(), engine.timeout()), (0, None));
}

#[test]
fn a_loop_of_ones_own_asks_who_can_go_on() {
    let server = server();
    let engine = Engine::at(&[&server.name]).unwrap();
    let mut left: Vec<Running> = (0..20)
        .map(|i| engine.select(format!("d{}.example", i), &options()))
        .collect::<Result<_, _>>()
        .unwrap();
    let mut reached = 0;
    while !left.is_empty() {
        left.retain_mut(|running| loop {
            match running.poll_attempt(None) {
                Poll::Pending => return true,
                Poll::Ready(None) => return false,
                Poll::Ready(Some(attempt)) => {
                    attempt.unwrap();
                    reached += 1;
                }
            }
        });
        engine.wait(Some(Duration::from_secs(1))).unwrap();
    }
    assert_eq!(reached, 20);
}

/// struct pollfd, for a reactor of one line.
#[repr(C)]
struct Watched {
    fd: c_int,
    events: c_short,
    found: c_short,
}

extern "C" {
    fn poll(watched: *mut Watched, count: c_ulong, time: c_int) -> c_int;
}

#[test]
fn a_reactor_watches_the_descriptor() {
    const READABLE: c_short = 1;
    let server = server();
    let engine = Engine::at(&[&server.name]).unwrap();
    let mut running = engine.select("example.net", &options()).unwrap();
    let attempt = loop {
        if let Poll::Ready(attempt) = running.poll_attempt(None) {
            break attempt.unwrap().unwrap();
        }
        let fd = engine.as_fd().as_raw_fd();
        let mut watched = Watched {
            fd,
            events: READABLE,
            found: 0,
        };
        let time = engine.timeout().map_or(-1, |t| t.as_millis() as c_int);
        // SAFETY: one of them, which outlives the call.
        assert!(unsafe { poll(&mut watched, 1, time) } >= 0);
        engine.process().unwrap();
    };
    assert_eq!(attempt.address, "192.0.2.7");
    assert_eq!(engine.as_raw_fd(), engine.as_fd().as_raw_fd());
}

#[test]
fn an_iterator_runs_the_engine_for_the_others_too() {
    let server = server();
    let engine = Engine::at(&[&server.name]).unwrap();
    let mut first = engine.select("one.example", &options()).unwrap();
    let mut second = engine.select("two.example", &options()).unwrap();
    assert!(second.poll_attempt(None).is_pending());
    assert_eq!(engine.count(), 1);
    assert_eq!(first.next().unwrap().unwrap().host, "one.example");
    assert_eq!(second.next().unwrap().unwrap().host, "two.example");
    second.leave_host();
    assert!(second.next().is_none());
}

#[test]
fn what_nobody_answers_is_deferred() {
    let engine = nobody();
    let mut running = engine.select("example.net", &options()).unwrap();
    assert!(running.next().is_none());
    assert_eq!(running.verdict().reason, Reason::DnsTemporary);
}

#[test]
fn a_selection_may_be_dropped_while_it_waits() {
    let engine = nobody();
    let mut gone = engine.select("one.example", &options()).unwrap();
    let mut stays = engine.select("two.example", &options()).unwrap();
    assert!(gone.poll_attempt(None).is_pending());
    assert!(stays.poll_attempt(None).is_pending());
    assert_eq!(engine.count(), 2);
    drop(gone);
    assert_eq!(engine.count(), 1);
    // The engine lives as long as somebody needs it.
    drop(engine);
    assert!(stays.next().is_none());
}

#[test]
fn what_was_saved_goes_on_in_an_engine() {
    let server = server();
    let engine = Engine::at(&[&server.name]).unwrap();
    let mut first = engine.select("example.net", &options()).unwrap();
    let reached = first.next().unwrap().unwrap();
    let bytes = first.save().unwrap();
    let mut second = engine.resume(&bytes, &options()).unwrap();
    assert_eq!(second.attempt(), Some(reached));
    assert!(second.next().is_none());
    assert_eq!(second.verdict().action, Action::Defer);
}

#[test]
fn an_engine_is_the_resolver() {
    let resolver = |_: &Question<'_>| Answer::complete();
    let options = Options::builder().resolver(resolver).build().unwrap();
    let wrong = nobody().select("example.net", &options);
    assert_eq!(wrong.err(), Some(Error::Usage));
    assert_eq!(Engine::at(&["nowhere"]).err(), Some(Error::Syntax));
    let wrong = nobody().set(EngineSetting::QueryTime, 0);
    assert_eq!(wrong, Err(Error::Range));
}
