//! Memory: what is reported changes the order of equals, and is kept.

use mxsel::*;
use std::collections::BTreeSet;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

const ZONE: &str = "\
$ORIGIN example.org.
$TTL 300
@     IN SOA ns hostmaster 1 3600 600 86400 60
      IN NS ns
equal IN MX 10 mx1
      IN MX 10 mx2
      IN MX 10 mx3
mx1   IN A 192.0.2.1
mx2   IN A 192.0.2.2
mx3   IN A 192.0.2.3
";

fn memory() -> Memory {
    let memory = Memory::new(1 << 20).unwrap();
    memory.set(MemorySetting::Explore, 0).unwrap();
    memory.set(MemorySetting::HalfLife, 3600).unwrap();
    memory
}

fn equal(memory: &Memory, seed: u64) -> Selection {
    let zone = Zone::from_text(ZONE).unwrap();
    let options = Options::builder().zone(&zone).memory(memory).seed(seed);
    Selection::new("equal.example.org", &options.build().unwrap()).unwrap()
}

/// Which hosts came last, with so many seeds.
fn last(memory: &Memory, seeds: u64) -> BTreeSet<String> {
    (0..seeds)
        .map(|seed| equal(memory, seed).last().unwrap().unwrap().host)
        .collect()
}

#[test]
fn a_host_that_was_reported_goes_behind_its_equals() {
    let memory = memory();
    assert_eq!(last(&memory, 30).len(), 3);
    let mut selection = equal(&memory, 1);
    while let Some(attempt) = selection.next() {
        if attempt.unwrap().host == "mx2.example.org" {
            selection.report(Outcome::Refused).unwrap();
        } else {
            selection.report_reply(Outcome::Rcpt, 450, "").unwrap();
        }
    }
    let behind = last(&memory, 9).into_iter().collect::<Vec<_>>();
    assert_eq!(behind, ["mx2.example.org"]);
    memory.forget("mx2.example.org").unwrap();
    memory.forget("192.0.2.2").unwrap();
    assert_eq!(last(&memory, 30).len(), 3);
}

#[test]
fn what_is_known_are_values_and_a_file_keeps_them() {
    let (memory, v4) = (memory(), IpAddr::from([192, 0, 2, 1]));
    let (host, said) = (Some("MX1.example.org"), (550, "5.7.1 No."));
    memory
        .report(host, None, 25, Outcome::Refused, (0, ""))
        .unwrap();
    memory
        .report(host, Some(v4), 25, Outcome::Rcpt, said)
        .unwrap();
    let known = memory.get("mx1.example.org", 25).unwrap().unwrap();
    assert_eq!(known.outcomes, [Outcome::Rcpt, Outcome::Refused]);
    assert_eq!((known.code, known.score, known.turn), (550, 0.0, 6));
    assert_eq!((known.doubt.as_slice(), known.again), (&[4][..], None));
    assert!(known.is_host && known.age.as_secs() < 60);
    let line = known.to_string();
    assert!(line.starts_with("host mx1.example.org 25 "), "{}", line);
    assert_eq!(memory.get("mx1.example.org", 587), Ok(None));
    assert_eq!(memory.statistic(MemoryStatistic::Reports), 2);

    let name = format!("mxsel-memory-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    memory.save(&path).unwrap();
    let again = Memory::new(1 << 20).unwrap();
    again.load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let mut names: Vec<_> = again.entries().map(|entry| entry.name).collect();
    names.sort();
    assert_eq!(names, ["192.0.2.1", "mx1.example.org"]);
    assert_eq!(again.forget(""), Err(Error::Syntax));
    assert_eq!(again.entries().count(), 2);
    again.forget_all().unwrap();
    assert!(again.entries().next().is_none());
}

#[test]
fn a_file_that_fails_says_why() {
    let missing = memory().load("/does/not/exist").unwrap_err();
    assert_eq!(missing.number(), Error::File.number());
    assert_eq!(missing.kind(), Some(io::ErrorKind::NotFound));
    assert_eq!(io::Error::from(missing).kind(), io::ErrorKind::NotFound);
    let (sentence, said) = (Error::File.to_string(), missing.to_string());
    assert!(said.starts_with(&sentence), "{}", said);
    assert!(said.len() > sentence.len() + 4, "{}", said);
    let folder = memory().save(std::env::temp_dir()).unwrap_err();
    assert!(matches!(folder, Error::Io(_)) && folder != missing);
    assert_eq!(Error::File.kind(), None);
}

/// With the program that was built.
#[test]
fn a_file_is_shown_by_the_program() {
    let folder = match std::env::var_os("MXSEL_BUILDDIR") {
        Some(folder) => PathBuf::from(folder),
        None => return,
    };
    let memory = memory();
    let report = |host| memory.report(host, None, 25, Outcome::Lost, (0, ""));
    report(Some("mx1.example.org")).unwrap();
    let name = format!("mxsel-shown-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    memory.save(&path).unwrap();
    let mut program = Command::new(folder.join("mxsel"));
    let shown = program.arg("memory").arg(&path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("mx1.example.org"), "{}", shown);
}

#[test]
fn what_a_memory_does_not_take_is_an_error() {
    let memory = memory();
    let report = |host| memory.report(host, None, 25, Outcome::Lost, (0, ""));
    assert_eq!(Memory::new(1).err(), Some(Error::Range));
    assert_eq!(report(None), Err(Error::Usage));
    assert_eq!(report(Some("..")), Err(Error::Syntax));
    assert_eq!(memory.set(MemorySetting::HalfLife, 0), Err(Error::Range));
    assert_eq!(memory.get("..", 25), Err(Error::Syntax));
}

#[test]
fn threads_share_a_memory() {
    let memory = memory();
    thread::scope(|scope| {
        for seed in 0..4 {
            let memory = &memory;
            scope.spawn(move || {
                let mut selection = equal(memory, seed);
                while selection.next().is_some() {
                    selection.report(Outcome::Timeout).unwrap();
                }
            });
        }
    });
    assert_eq!(memory.statistic(MemoryStatistic::Reports), 12);
    assert_eq!(memory.entries().count(), 6);
}
