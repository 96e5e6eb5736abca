//! Picture for each audience: how many symbols were typed, never which.

use crate::CodeLock;
use eg_game::prelude::*;

impl CodeLock {
    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let (phase, headline) = if self.opened.is_some() {
            ("open", Text::new("Ouvert", "Open"))
        } else if self.over {
            ("over", Text::new("Abandonné", "Called off"))
        } else if self.locked_until.is_some() {
            ("locked-out", Text::new("Verrouillé un moment", "Locked out for now"))
        } else {
            ("closed", Text::new("Entrez le code", "Enter the code"))
        };
        let mut parts = Vec::new();
        if let Some(why) = &self.opened {
            parts.push(Widget::text(why.clone(), Level::Good));
        }
        if let Some(ends) = self.locked_until {
            parts.push(Widget::Timer { label: Text::new("Verrouillé", "Locked out"), ends });
        }
        if let (Some(attempts), true) = (self.config.attempts, self.opened.is_none()) {
            let left = attempts.allowed.get().saturating_sub(self.failed);
            let words =
                Text::new(format!("Essais restants : {left}"), format!("Attempts left: {left}"));
            parts.push(Widget::text(words, if left > 1 { Level::Plain } else { Level::Warn }));
        }
        parts.extend(self.dots(for_whom));
        View::new(phase, headline, parts)
    }

    /// One dot a symbol: a player sees their own.
    fn dots(&self, for_whom: &Audience) -> Option<Widget> {
        let mine = |slot: &SlotId| match for_whom {
            Audience::Slot(looks) => looks == slot,
            Audience::Operator { .. } | Audience::Public => true,
        };
        let typed = self.entries.iter().filter(|(slot, entry)| mine(slot) && entry.typed() > 0);
        let row = |(slot, entry): &(SlotId, crate::Entry)| Row {
            slot: Some(slot.clone()),
            text: Text::same("•".repeat(entry.typed())),
            level: Level::Plain,
        };
        let rows: Vec<Row> = typed.map(row).collect();
        let title = Text::new("Saisie", "Typed");
        (!rows.is_empty() && self.opened.is_none()).then_some(Widget::List { title, rows })
    }

    pub(crate) fn explained(&self) -> Text {
        if let Some(why) = &self.opened {
            return why.clone();
        }
        let failed = self.failed;
        if self.locked_until.is_some() {
            return Text::new(
                format!("{failed} codes faux : verrouillé pour un moment"),
                format!("{failed} wrong codes: locked out for now"),
            );
        }
        match failed {
            0 => Text::new(
                "le bon code n'a pas encore été saisi",
                "the right code has not been entered yet",
            ),
            _ => Text::new(
                format!("le bon code n'a pas encore été saisi, {failed} codes étaient faux"),
                format!("the right code has not been entered yet, {failed} codes were wrong"),
            ),
        }
    }
}
