// A Rust program: collections, closures, trait objects, panics that are caught, values that
// allocate while a panic passes, threads. Argument: rounds. Prints one number.
use std::collections::{BTreeMap, HashMap};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{mpsc, Arc, Mutex};
use std::thread;

trait Shape {
    fn name(&self) -> String;
}

struct Round(u32);
struct Square(Box<[u32]>);

impl Shape for Round {
    fn name(&self) -> String {
        format!("round {} of some length", self.0)
    }
}

impl Shape for Square {
    fn name(&self) -> String {
        self.0.iter().map(|n| n.to_string()).collect::<Vec<_>>().join("x")
    }
}

/// Allocates when it goes, also while a panic passes through its frame.
struct Unwound<'a>(&'a Mutex<Vec<String>>, usize);

impl Drop for Unwound<'_> {
    fn drop(&mut self) {
        if let Ok(mut seen) = self.0.lock() {
            seen.push(format!("left depth {}", self.1));
        }
    }
}

#[inline(never)]
fn collections(round: u32) -> usize {
    let mut map: HashMap<String, Vec<u32>> = HashMap::new();
    for n in 0..40 {
        map.entry(format!("key {}", n % 11)).or_default().push(n * round);
    }
    let sorted: BTreeMap<_, _> = map.iter().map(|(key, all)| (key.to_uppercase(), all.len())).collect();
    let text: String = sorted.iter().map(|(key, n)| format!("{key}={n};")).collect();
    let mut words: Vec<String> = text.split(';').map(str::to_owned).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.clone()));
    words.len() + text.len()
}

#[inline(never)]
fn shapes(round: u32) -> usize {
    let all: Vec<Box<dyn Shape>> = (0..12)
        .map(|n| -> Box<dyn Shape> {
            if n % 2 == 0 {
                Box::new(Round(n + round))
            } else {
                Box::new(Square(vec![n; 3].into_boxed_slice()))
            }
        })
        .collect();
    all.iter().map(|shape| shape.name().len()).sum()
}

#[inline(never)]
fn down(depth: usize, seen: &Mutex<Vec<String>>, visit: &dyn Fn(usize) -> Box<usize>) -> usize {
    let _unwound = Unwound(seen, depth);
    if depth == 0 {
        panic!("at the bottom, {} values", seen.lock().unwrap().len());
    }
    *visit(depth) + down(depth - 1, seen, visit)
}

#[inline(never)]
fn panics(round: usize) -> usize {
    let seen = Mutex::new(Vec::new());
    let result = catch_unwind(AssertUnwindSafe(|| down(round % 9, &seen, &|n| Box::new(n * 2))));
    let message = result.unwrap_err().downcast::<String>().unwrap();
    let count = seen.lock().map(|all| all.len()).unwrap_or(0);
    message.len() + count
}

fn run(rounds: usize) -> usize {
    (0..rounds).map(|n| collections(n as u32) + shapes(n as u32) + panics(n)).sum()
}

fn main() {
    std::panic::set_hook(Box::new(|_| ()));
    let rounds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(20);
    let total = Arc::new(Mutex::new(run(rounds)));
    let (sender, receiver) = mpsc::channel();
    let threads: Vec<_> = (0..3)
        .map(|n| {
            let (total, sender) = (Arc::clone(&total), sender.clone());
            thread::spawn(move || {
                *total.lock().unwrap() += run(rounds / 4);
                sender.send(format!("thread {n} is done")).unwrap();
            })
        })
        .collect();
    for each in threads {
        each.join().unwrap();
    }
    drop(sender);
    println!("{} {}", total.lock().unwrap(), receiver.iter().count());
}
