use std::collections::HashMap;
use std::sync::{mpsc, Arc, Mutex};
use std::thread;

fn main() {
    let words = Arc::new(Mutex::new(HashMap::new()));
    let (sender, receiver) = mpsc::channel();
    let team: Vec<_> = (0..4u64)
        .map(|n| {
            let (words, sender) = (Arc::clone(&words), sender.clone());
            thread::spawn(move || {
                for i in 0..500u64 {
                    words.lock().unwrap().insert(n * 1000 + i, format!("word {}", i * n));
                }
                sender.send(n).unwrap();
            })
        })
        .collect();
    for thread in team {
        thread.join().unwrap();
    }
    drop(sender);
    let all: usize = words.lock().unwrap().values().map(|word| word.len()).sum();
    println!("{} {}", all, receiver.iter().sum::<u64>());
    let caught = thread::spawn(|| panic!("wanted")).join();
    println!("{}", caught.is_err());
    std::process::exit(5);
}
