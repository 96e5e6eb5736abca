//! Interleavings of a device's thread, those who command it, its watchdog, and the request that it ends.

use super::*;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use shuttle::thread::{self, JoinHandle};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::oneshot::Receiver;

/// Number of schedules that each test tries out.
const SCHEDULES: usize = 3000;

/// Number of threads that may still put something in.
#[derive(Clone, Debug)]
struct Putting(Arc<AtomicUsize>);

impl Putting {
    /// Starts a thread that puts something into the mailbox.
    fn start<T: Send + 'static>(
        &self,
        mailbox: &Mailbox,
        put: impl FnOnce(Mailbox) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let (mailbox, putting) = (mailbox.clone(), self.clone());
        putting.0.fetch_add(1, Ordering::SeqCst);
        thread::spawn(move || {
            let result = put(mailbox);
            putting.0.fetch_sub(1, Ordering::SeqCst);
            result
        })
    }
}

fn mailbox() -> (Mailbox, Putting) {
    (Mailbox::new(Moment(0)).unwrap(), Putting(Arc::default()))
}

/// Puts in three commands that differ by their deadline, and returns where their outcomes come.
fn commands(mailbox: &Mailbox, first: u64) -> Vec<Receiver<CommandOutcome>> {
    let put = |number| {
        let (answer, outcome) = oneshot::channel();
        let (output, expires) = (OutputName::new("lamp").unwrap(), Some(Moment(number)));
        let (set, pressed, answer) = (Set::On, None, Some(answer));
        mailbox.command(DeviceCommand { output, set, expires, pressed, answer });
        outcome
    };
    (first..first + 3).map(put).collect()
}

/// Starts the device's thread: it carries out what it is told until it shall end, and returns the order of that. Once
/// nobody puts anything in any more, the descriptor has to wake it.
fn device(mailbox: &Mailbox, putting: &Putting) -> JoinHandle<Vec<Moment>> {
    let (mailbox, putting) = (mailbox.clone(), putting.clone());
    thread::spawn(move || {
        let mut done = Vec::new();
        loop {
            mailbox.calm();
            let mail = mailbox.take();
            for command in mail.commands {
                done.extend(command.expires);
                command.conclude(CommandOutcome::Done);
            }
            mail.roll_calls.into_iter().for_each(answer);
            if mail.stop {
                return done;
            }
            loop {
                let last = putting.0.load(Ordering::SeqCst) == 0;
                if is_readable(&mailbox) {
                    break;
                }
                assert!(!last, "sleeps although it was not told to end");
                thread::yield_now();
            }
        }
    })
}

fn is_readable(mailbox: &Mailbox) -> bool {
    let fd = mailbox.fd();
    poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&Timespec::default())).unwrap() > 0
}

fn outcomes(receivers: Vec<Receiver<CommandOutcome>>) -> Vec<CommandOutcome> {
    let outcome = |mut receiver: Receiver<_>| receiver.try_recv().expect("an outcome");
    receivers.into_iter().map(outcome).collect()
}

fn refused(why: &str) -> CommandOutcome {
    CommandOutcome::Refused(why.to_owned())
}

#[test]
fn every_command_has_an_outcome_though_the_thread_ends_meanwhile() {
    let promise = || {
        let (mailbox, putting) = mailbox();
        let thread = device(&mailbox, &putting);
        let senders = [0, 10].map(|first| putting.start(&mailbox, move |to| commands(&to, first)));
        let calling = putting.start(&mailbox, |to| to.roll_call());
        let stopping = putting.start(&mailbox, |to| to.stop());

        stopping.join().unwrap();
        let told = senders.map(|sender| sender.join().unwrap());
        let mut called = calling.join().unwrap();
        let done = thread.join().unwrap();

        called.try_recv().expect("an answer to the roll call");
        for (first, told) in [0, 10].into_iter().zip(told) {
            let told = outcomes(told);
            let carried_out = told.iter().take_while(|told| **told == CommandOutcome::Done).count();
            let rest = &told[carried_out..];
            assert!(rest.iter().all(|told| *told == refused("the device is stopping")), "{told:?}");
            let own = done.iter().filter(|number| (first..first + 3).contains(&number.0));
            assert!(own.map(|number| number.0).eq((first..).take(carried_out)), "{done:?}");
        }
    };

    shuttle::check_random(promise, SCHEDULES);
    shuttle::check_pct(promise, SCHEDULES, 3);
}

#[test]
fn every_command_has_an_outcome_though_the_driver_hangs_meanwhile() {
    let promise = || {
        let (mailbox, putting) = mailbox();
        let thread = device(&mailbox, &putting);
        let senders = [0, 10].map(|first| putting.start(&mailbox, move |to| commands(&to, first)));
        let calling = putting.start(&mailbox, |to| to.roll_call());
        let watchdog = putting.start(&mailbox, |to| {
            to.hang(Some("it hangs"));
            to.hang(None);
        });
        let ending = putting.start(&mailbox, move |to| {
            let told = senders.map(|sender| sender.join().unwrap());
            let called = calling.join().unwrap();
            watchdog.join().unwrap();
            to.stop();
            (told, called)
        });

        let (told, mut called) = ending.join().unwrap();
        let done = thread.join().unwrap();

        called.try_recv().expect("an answer to the roll call");
        let told: Vec<_> = told.into_iter().flat_map(outcomes).collect();
        let count = |wanted: &CommandOutcome| told.iter().filter(|told| *told == wanted).count();
        assert_eq!(count(&CommandOutcome::Done), done.len());
        assert_eq!(count(&CommandOutcome::Done) + count(&refused("it hangs")), 6, "{told:?}");
    };

    shuttle::check_random(promise, SCHEDULES);
}

#[test]
fn a_thread_that_sleeps_is_woken_for_whatever_comes_last() {
    let promise = || {
        let (mailbox, putting) = mailbox();
        let asking = putting.start(&mailbox, |to| to.ask());
        let linking = putting.start(&mailbox, |to| to.link(None));
        let waking = {
            let (mailbox, putting) = (mailbox.clone(), putting.clone());
            thread::spawn(move || {
                let (mut asked, mut linked) = (false, false);
                while !(asked && linked) {
                    let last = putting.0.load(Ordering::SeqCst) == 0;
                    if is_readable(&mailbox) {
                        mailbox.calm();
                        let mail = mailbox.take();
                        (asked, linked) = (asked || mail.asked, mail.link_lost.is_none());
                    } else {
                        assert!(!last, "sleeps although asked: {asked}, linked: {linked}");
                        thread::yield_now();
                    }
                }
            })
        };

        asking.join().unwrap();
        linking.join().unwrap();
        waking.join().unwrap();
    };

    shuttle::check_random(promise, SCHEDULES);
}
