//! Rounds of presses close together, in a known order, while something goes wrong.

use std::thread;
use std::time::Duration;

use anyhow::Context;

use super::profile::{EVERY, Profile, SLOTS, Trouble};
use super::room::{Room, page, stopped};
use crate::net::adoption::until;
use crate::net::http::press;
use crate::net::proxy::next;

/// Pauses between presses, in microseconds.
const GAPS: [u64; 9] = [0, 200, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
/// Rounds after which a core is restarted or the links are cut once.
const TROUBLED: usize = 3;

/// One press, and when it was in truth: between these, by this machine's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Press {
    pub(super) slot: usize,
    pub(super) from: Duration,
    pub(super) to: Duration,
}

/// Presses and faults of the rounds of a profile.
pub(super) struct Play<'a> {
    pub(super) room: &'a mut Room,
    pub(super) profile: &'a Profile,
    pub(super) chance: u64,
}

impl Play<'_> {
    /// Plays rounds for `span`, and returns the presses of each, in truth.
    pub(super) fn rounds(&mut self, span: Duration) -> anyhow::Result<Vec<Vec<Press>>> {
        self.stop_in_turn(span);
        let mut rounds = Vec::new();
        let end = eg_clock::monotonic() + span;
        while eg_clock::monotonic() < end {
            if !rounds.is_empty() {
                self.room.act("dead")?;
                self.room.act("next")?;
            }
            self.room.act("arm")?;
            thread::sleep(Duration::from_millis(60 + self.draw(60)));
            let troubled = rounds.len() % TROUBLED == TROUBLED - 1;
            let round = self.round(troubled).with_context(|| format!("round {}", rounds.len()))?;
            rounds.push(round);
        }
        Ok(rounds)
    }

    fn draw(&mut self, most: u64) -> u64 {
        self.chance = next(self.chance);
        self.chance % most.max(1)
    }

    /// Stops two slots at a time, as their courses say, from a thread of its own.
    fn stop_in_turn(&self, span: Duration) {
        let (Trouble::Stop(long) | Trouble::Suspend(long)) = self.profile.trouble else { return };
        let (start, pids) =
            (self.room.start, self.room.agents.iter().map(|a| a.id()).collect::<Vec<_>>());
        let end = eg_clock::monotonic() + span;
        thread::spawn(move || {
            for (at, slots) in (0..).map(stopped) {
                let at = start + at;
                if at < eg_clock::monotonic() {
                    continue;
                }
                if at > end {
                    return;
                }
                for (at, signal) in [(at, "STOP"), (at + long, "CONT")] {
                    thread::sleep(at.saturating_sub(eg_clock::monotonic()));
                    let pids = slots.iter().filter_map(|slot| pids.get(*slot)).map(u32::to_string);
                    // One that has ended is not stopped.
                    let _ =
                        std::process::Command::new("kill").args(["-s", signal]).args(pids).status();
                }
            }
        });
    }

    /// Returns `true` if a slot is stopped at this moment, or just before it or after it.
    fn is_stopped(&self, slot: usize, at: Duration) -> bool {
        let (Trouble::Stop(long) | Trouble::Suspend(long)) = self.profile.trouble else {
            return false;
        };
        let before = Duration::from_millis(400);
        let turn = at.saturating_sub(self.room.start + Duration::from_secs(8) - before);
        let turn = u32::try_from(turn.as_millis() / EVERY.as_millis()).unwrap_or(0);
        let (begins, slots) = stopped(turn);
        let begins = self.room.start + begins;
        slots.contains(&slot)
            && at + before > begins
            && at < begins + long + Duration::from_millis(50)
    }

    fn round(&mut self, troubled: bool) -> anyhow::Result<Vec<Press>> {
        let base = eg_clock::monotonic() + Duration::from_millis(120);
        let cut_off = match self.profile.trouble {
            Trouble::Cut | Trouble::Restart => troubled,
            Trouble::None | Trouble::Stop(_) | Trouble::Suspend(_) => false,
        };
        let latest = base + Duration::from_millis(900);
        let mut slots: Vec<usize> = (0..SLOTS)
            .filter(|slot| !self.is_stopped(*slot, base) && !self.is_stopped(*slot, latest))
            .collect();
        let count = if self.draw(5) > 0 { slots.len() } else { 2 };
        let mut at = base;
        let mut hands = Vec::new();
        for _ in 0..count {
            let place = usize::try_from(self.draw(slots.len() as u64))?;
            let slot = slots.swap_remove(place);
            hands.push((slot, thread::spawn(move || touch(slot, at))));
            at += Duration::from_micros(GAPS[usize::try_from(self.draw(GAPS.len() as u64))?]);
        }
        if cut_off {
            self.cut_off(base)?;
        }
        let mut presses = Vec::new();
        for (slot, hand) in hands {
            let (from, to) = hand.join().ok().context("a hand panicked")??;
            presses.push(Press { slot, from, to });
        }
        until("somebody is first", || (self.room.phase()? == "locked").then_some(()))?;
        // What comes later than the verdict comes by then.
        thread::sleep(Duration::from_millis(if cut_off { 1_500 } else { 350 }));
        for slot in presses.iter().map(|press| press.slot) {
            let _ = press(page(slot), false);
        }
        Ok(presses)
    }

    /// Cuts all links, or kills the core, shortly before the first press, for longer than the presses take.
    fn cut_off(&mut self, base: Duration) -> anyhow::Result<()> {
        thread::sleep((base - Duration::from_millis(40)).saturating_sub(eg_clock::monotonic()));
        if self.profile.trouble == Trouble::Restart {
            self.room.kill_core();
            thread::sleep(Duration::from_millis(self.draw(400)));
            return self.room.start_core();
        }
        self.room.switches.iter().for_each(|switch| switch.cut());
        let back = base + Duration::from_millis(500 + self.draw(1_000));
        let mut switches: Vec<_> = self.room.switches.clone();
        while !switches.is_empty() {
            let place = usize::try_from(self.draw(switches.len() as u64))?;
            thread::sleep(back.saturating_sub(eg_clock::monotonic()));
            switches.swap_remove(place).mend();
            thread::sleep(Duration::from_millis(self.draw(60)));
        }
        Ok(())
    }
}

/// Presses at this moment, and returns the two times between which it was, in truth.
fn touch(slot: usize, at: Duration) -> anyhow::Result<(Duration, Duration)> {
    thread::sleep(at.saturating_sub(eg_clock::monotonic()));
    press(page(slot), true)
}
