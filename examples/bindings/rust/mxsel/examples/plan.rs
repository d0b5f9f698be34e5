//! Delivery plans for the destinations of standard input, one a line: the
//! program that every binding has.
//!
//!     plan (--zone FILE... | --records FILE | --server ADDRESS@PORT)
//!         [--seed N] [--outcome NAME] [--code N] < DESTINATIONS
//!
//! Exit: 0; 64 wrong usage; 1 anything else, with a sentence.

use mxsel::{Answer, Attempt, End, Engine, Error, Options, Outcome};
use mxsel::{Question, RecordType, Resolver, Running, Selection, Zone};
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read, Write};
use std::process::exit;

type Problem = Box<dyn std::error::Error>;

// ------------------------------------------------- a resolver of our own

/// The records of a file: by name, the words of its lines.
struct Records(HashMap<String, Vec<Vec<String>>>);

impl Records {
    fn read(file: &str) -> Result<Records, Problem> {
        let mut names: HashMap<_, Vec<_>> = HashMap::new();
        let lines = fs::read_to_string(file)?;
        for line in lines.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<String> =
                line.split_whitespace().map(String::from).collect();
            if words.len() >= 4 {
                names.entry(words[0].clone()).or_default().push(words);
            }
        }
        Ok(Records(names))
    }
}

fn type_name(kind: RecordType) -> &'static str {
    match kind {
        RecordType::A => "A",
        RecordType::Aaaa => "AAAA",
        RecordType::Mx => "MX",
        _ => "",
    }
}

fn end_of(name: &str) -> End {
    match name {
        "nxdomain" => End::Nxdomain,
        "servfail" => End::Servfail,
        "refused" => End::Refused,
        "timeout" => End::Timeout,
        "truncated" => End::Truncated,
        _ => End::Rcode,
    }
}

fn with_record(answer: Answer, words: &[String]) -> Answer {
    let ttl = words[2].parse().unwrap_or(0);
    match (words[1].as_str(), words.get(4)) {
        ("MX", Some(exchange)) => {
            let preference = words[3].parse().unwrap_or(0);
            answer.mx(preference, exchange.as_str(), ttl)
        }
        _ => match words[3].parse::<std::net::IpAddr>() {
            Ok(address) => answer.address(address, ttl),
            Err(_) => answer,
        },
    }
}

impl Resolver for Records {
    fn resolve(&self, question: &Question<'_>) -> Answer {
        let lines = match self.0.get(question.name()) {
            Some(lines) => lines,
            None => return Answer::no_such_name().negative_ttl(300),
        };
        let kind = type_name(question.record_type());
        let ends = |words: &&Vec<String>| {
            words[2] == "!" && (words[1] == "*" || words[1] == kind)
        };
        if let Some(words) = lines.iter().find(ends) {
            return Answer::ended(end_of(&words[3]));
        }
        if let Some(words) = lines.iter().find(|words| words[1] == "CNAME") {
            let ttl = words[2].parse().unwrap_or(0);
            return Answer::complete().alias(words[3].as_str(), ttl);
        }
        let mut found = lines.iter().filter(|words| words[1] == kind);
        match found.next() {
            None => Answer::complete().negative_ttl(300),
            Some(first) => {
                let answer = with_record(Answer::complete(), first);
                found.fold(answer, |answer, words| with_record(answer, words))
            }
        }
    }
}

// ----------------------------------------------------------------- plans

struct Report {
    outcome: Outcome,
    code: u16,
}

fn attempt_line(plan: &mut Vec<u8>, attempt: &Attempt) {
    let line = format!(
        "attempt\t{}\t{}\t{}\t{}\t{}\n",
        attempt.preference,
        attempt.host,
        attempt.address,
        attempt.port,
        attempt.posture
    );
    plan.extend_from_slice(line.as_bytes());
}

fn end_lines(plan: &mut Vec<u8>, selection: &Selection) {
    for entry in selection.rejected() {
        let (preference, subject) = (entry.preference, entry.subject);
        let line = format!(
            "rejected\t{}\t{}\t{}\n",
            entry.reason, preference, subject
        );
        plan.extend_from_slice(line.as_bytes());
    }
    let verdict = selection.verdict();
    let line = format!(
        "verdict\t{}\t{}\t{}\t{}\t{}\n",
        verdict.action,
        verdict.reason,
        verdict.code,
        verdict.status,
        verdict.text
    );
    plan.extend_from_slice(line.as_bytes());
}

fn begin(destination: &[u8]) -> Vec<u8> {
    [b"destination\t", destination, b"\n"].concat()
}

fn plan(
    destination: &[u8],
    options: &Options,
    report: &Report,
) -> Result<Vec<u8>, Error> {
    let mut plan = begin(destination);
    let mut selection = Selection::new(destination, options)?;
    while let Some(attempt) = selection.next() {
        attempt_line(&mut plan, &attempt?);
        selection.report_reply(report.outcome, report.code, "")?;
    }
    end_lines(&mut plan, &selection);
    Ok(plan)
}

async fn plan_later(
    destination: &[u8],
    mut running: Running,
    report: &Report,
) -> Result<Vec<u8>, Error> {
    let mut plan = begin(destination);
    while let Some(attempt) = running.next_attempt().await {
        attempt_line(&mut plan, &attempt?);
        running.report_reply(report.outcome, report.code, "")?;
    }
    end_lines(&mut plan, &running);
    Ok(plan)
}

/// All at once, each a future of its own.
fn plan_with_engine(
    destinations: &[&[u8]],
    server: &str,
    options: &Options,
    report: &Report,
) -> Result<Vec<Vec<u8>>, Error> {
    let engine = Engine::at(&[server])?;
    let mut futures = Vec::new();
    for destination in destinations {
        let running = engine.select(destination, options)?;
        futures.push(plan_later(destination, running, report));
    }
    engine.run(futures)?.into_iter().collect()
}

// ------------------------------------------------------------- arguments

#[derive(Default)]
struct Arguments {
    zones: Vec<String>,
    records: Option<String>,
    server: Option<String>,
    seed: Option<u64>,
    outcome: Option<String>,
    code: Option<u16>,
}

fn usage() -> ! {
    eprintln!(
        "usage: plan (--zone FILE... | --records FILE | \
         --server ADDRESS@PORT) [--seed N] [--outcome NAME] [--code N]"
    );
    exit(64)
}

fn arguments() -> Arguments {
    let mut given = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(key) = words.next() {
        let value = words.next().unwrap_or_else(|| usage());
        let number = value.parse::<u64>();
        match key.as_str() {
            "--zone" => given.zones.push(value),
            "--records" => given.records = Some(value),
            "--server" => given.server = Some(value),
            "--outcome" => given.outcome = Some(value),
            "--seed" => given.seed = Some(number.unwrap_or_else(|_| usage())),
            "--code" => {
                let code = value.parse().unwrap_or_else(|_| usage());
                given.code = Some(code);
            }
            _ => usage(),
        }
    }
    given
}

fn report_of(given: &Arguments) -> Report {
    let name = given.outcome.as_deref().unwrap_or("refused");
    let outcome = Outcome::from_name(name).unwrap_or_else(|| usage());
    let code = match outcome {
        Outcome::Greeting | Outcome::Ehlo => 450,
        Outcome::Mail | Outcome::Rcpt | Outcome::Data => 450,
        _ => 0,
    };
    Report {
        outcome,
        code: given.code.unwrap_or(code),
    }
}

fn run(given: &Arguments) -> Result<(), Problem> {
    let report = report_of(given);
    let mut builder = Options::builder();
    if let Some(seed) = given.seed {
        builder = builder.seed(seed);
    }
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    let mut destinations: Vec<&[u8]> = input.split(|c| *c == b'\n').collect();
    if destinations.last() == Some(&&b""[..]) {
        destinations.pop(); // what is behind the last newline is no line
    }
    let plans = if let Some(server) = &given.server {
        let options = builder.build()?;
        plan_with_engine(&destinations, server, &options, &report)?
    } else {
        let options = match &given.records {
            Some(file) => builder.resolver(Records::read(file)?),
            None if given.zones.is_empty() => usage(),
            None => builder.zone(&Zone::from_files(&given.zones)?),
        };
        let options = options.build()?;
        let one = |destination: &&[u8]| plan(destination, &options, &report);
        destinations.iter().map(one).collect::<Result<_, _>>()?
    };
    io::stdout().write_all(&plans.concat())?;
    Ok(())
}

fn main() {
    if let Err(problem) = run(&arguments()) {
        eprintln!("plan: {}", problem);
        exit(1);
    }
}
