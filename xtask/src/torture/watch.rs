//! Outputs, watched on the pages of their slots while the core has surely no word for them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::finding::{Fault, Finding};
use super::hands::{Page, Shared, locked};
use super::plan::SLOTS;
use super::slots;

/// `safe_after` of the locks.
pub(super) const SAFE_AFTER: Duration = Duration::from_secs(8);
/// Time beyond that in which a loaded machine may come to it.
const MARGIN: Duration = Duration::from_secs(4);
/// From one look to the next.
const PAUSE: Duration = Duration::from_millis(400);

/// Silence of the core towards one slot, as far as it is known from outside.
#[derive(Clone, Copy, Debug, Default)]
struct Silence {
    /// Acts that keep the core's word away.
    causes: u32,
    since: Option<Duration>,
    lit: bool,
    told: bool,
}

/// Knowledge and findings of the watcher. Clones share them.
#[derive(Clone, Default)]
pub(super) struct OutputWatch {
    slots: Shared<[Silence; SLOTS]>,
    found: Shared<Vec<Finding>>,
    /// Outputs that were on when the core fell silent, and off in time.
    made_safe: Shared<u32>,
    /// Looks that saw a lock on: a command was obeyed.
    seen_on: Shared<u32>,
}

impl OutputWatch {
    /// One more act keeps the core's word from this slot, or one less.
    pub(super) fn silent(&self, slot: usize, begins: bool) {
        let mut slots = locked(&self.slots);
        let silence = &mut slots[slot];
        match (begins, silence.causes) {
            (true, 0) => {
                let since = Some(eg_clock::monotonic());
                *silence = Silence { causes: 1, since, ..Silence::default() };
            }
            (true, _) => silence.causes += 1,
            (false, 0 | 1) => *silence = Silence::default(),
            (false, _) => silence.causes -= 1,
        }
    }

    /// The agent of this slot stood still or is another: what it knows of time begins anew.
    pub(super) fn begin_anew(&self, slot: usize) {
        let mut slots = locked(&self.slots);
        let since = slots[slot].since.map(|_| eg_clock::monotonic());
        slots[slot] = Silence { since, lit: false, told: false, ..slots[slot] };
    }

    /// Notes one look at the page, which showed how the outputs stood after the first moment.
    fn saw(&self, slot: usize, lit: bool, before: Duration) {
        *locked(&self.seen_on) += u32::from(lit);
        let mut slots = locked(&self.slots);
        let silence = &mut slots[slot];
        let Some(since) = silence.since.filter(|since| *since < before) else { return };
        if lit {
            silence.lit = true;
            let long = before - since;
            if long > SAFE_AFTER + MARGIN && !silence.told {
                silence.told = true;
                let name = slots::name(slot);
                let what = format!(
                    "{name}: lock still on {:.1} s after the core's last word",
                    long.as_secs_f64()
                );
                locked(&self.found).push(Finding { fault: Fault::Unsafe, what });
            }
        } else if silence.lit {
            silence.lit = false;
            *locked(&self.made_safe) += 1;
        }
    }

    /// Returns how many looks saw a lock on, which nothing but the operator's command does.
    pub(super) fn seen_on(&self) -> u32 {
        *locked(&self.seen_on)
    }

    /// Returns what was found, and how many outputs were seen to go off in time.
    pub(super) fn findings(&self) -> (Vec<Finding>, u32) {
        (locked(&self.found).clone(), *locked(&self.made_safe))
    }

    /// Looks at these pages until it is told to stop.
    pub(super) fn start(
        &self,
        pages: Vec<SocketAddr>,
        over: &Arc<AtomicBool>,
    ) -> Vec<JoinHandle<()>> {
        let watch = |(slot, page)| {
            let (own, over) = (self.clone(), Arc::clone(over));
            thread::spawn(move || {
                let mut page = Page::new(page);
                while !over.load(Ordering::Relaxed) {
                    thread::sleep(PAUSE);
                    let before = eg_clock::monotonic();
                    if let Ok((200, html)) = page.ask("GET", "/board", "", "") {
                        own.saw(slot, is_lit(&html), before);
                    }
                }
            })
        };
        pages.into_iter().enumerate().map(watch).collect()
    }
}

/// Returns `true` if a slot's page shows its lock on. The game drives the lamp as it likes.
fn is_lit(html: &str) -> bool {
    html.split("<span ").any(|span| {
        let tag = span.split('>').next().unwrap_or_default();
        tag.contains("class=\"lamp lit\"") && tag.contains("aria-label=\"lock:")
    })
}

/// Presses, sessions and commands of an operator, over the API.
pub(super) struct Operator {
    page: Page,
    cookie: String,
}

impl Operator {
    /// Password of the operator.
    pub(super) const PASSWORD: &'static str = "torture-by-plan";

    /// Names the API; nothing is asked.
    pub(super) fn new(api: SocketAddr) -> Self {
        Self { page: Page::new(api), cookie: String::new() }
    }

    /// Makes another connection of the same operator.
    pub(super) fn another(&self) -> Self {
        Self { page: self.page.another(), cookie: self.cookie.clone() }
    }

    /// Posts, signing in first where it must.
    pub(super) fn post(&mut self, path: &str, body: &str) -> anyhow::Result<(u16, String)> {
        self.ask("POST", path, body)
    }

    /// Asks, signing in first where it must.
    pub(super) fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
    ) -> anyhow::Result<(u16, String)> {
        for _ in 0..2 {
            let cookie = format!("Cookie: {}\r\n", self.cookie);
            let answer = self.page.ask(method, path, &cookie, body)?;
            if answer.0 != 401 {
                return Ok(answer);
            }
            let login = format!("{{\"password\":\"{}\"}}", Self::PASSWORD);
            let (status, cookie) = self.page.ask("POST", "/api/login", "", &login)?;
            anyhow::ensure!(status < 300, "the operator cannot sign in: {status}");
            self.cookie = cookie;
        }
        anyhow::bail!("the operator signs in and is not believed")
    }

    /// Puts on the locks of all slots, one after the other, until it is told to stop.
    pub(super) fn light(mut self, over: &Arc<AtomicBool>) -> JoinHandle<()> {
        let over = Arc::clone(over);
        thread::spawn(move || {
            for slot in (0..SLOTS).cycle() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let path = format!("/api/slots/{}/outputs", slots::name(slot));
                // A core that is away is asked again.
                let _ =
                    self.post(&path, "{\"device\":\"panel\",\"output\":\"lock\",\"set\":\"on\"}");
                thread::sleep(PAUSE);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent_since(seconds: u64) -> OutputWatch {
        let watch = OutputWatch::default();
        watch.silent(0, true);
        locked(&watch.slots)[0].since = Some(Duration::from_secs(seconds));
        watch
    }

    #[test]
    fn a_lock_that_stays_on_is_told_once() {
        let watch = silent_since(100);

        for second in [101, 108, 111, 113, 114] {
            watch.saw(0, true, Duration::from_secs(second));
        }

        let (found, safe) = watch.findings();
        assert_eq!((found.len(), safe), (1, 0));
        assert_eq!(found[0].what, "slot-01: lock still on 13.0 s after the core's last word");
    }

    #[test]
    fn a_lock_that_goes_off_in_time_is_counted() {
        let watch = silent_since(100);

        watch.saw(0, true, Duration::from_secs(101));
        watch.saw(0, false, Duration::from_secs(109));
        watch.saw(0, false, Duration::from_secs(120));

        assert_eq!((watch.findings().0.len(), watch.findings().1), (0, 1));
        assert_eq!(watch.seen_on(), 1);
    }

    #[test]
    fn only_the_lock_is_watched() {
        let lock = "<span class=\"lamp lit\" role=\"img\" aria-label=\"lock: lit\">";
        let lamp = lock.replace("lock", "lamp-red");
        let input = "<span class=\"lamp lit\">●</span>";

        assert!(is_lit(&format!("{input}<li>{lamp}<li>{lock}")));
        assert!(!is_lit(&format!("{input}<li>{lamp}")));
    }
}
