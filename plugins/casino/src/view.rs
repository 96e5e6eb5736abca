//! Picture for each audience: the operator sees all money, everybody else how many payouts wait.

use crate::Casino;
use eg_game::prelude::*;

/// Number of rows of a list that are shown, the newest first.
const ROWS: usize = 50;

impl Casino {
    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let (phase, headline) = if self.over {
            ("over", Text::new("La journée est finie", "The day is over"))
        } else {
            ("open", Text::new("La banque est ouverte", "The bank is open"))
        };
        let waiting = self.bank.waiting().count();
        let words = Text::new(
            format!("Gains en attente : {waiting}"),
            format!("Payouts waiting: {waiting}"),
        );
        let mut parts = vec![Widget::text(words, Level::Plain)];
        if self.config.rehearsal {
            let words = Text::new(
                "Répétition : cet argent ne compte pas",
                "A rehearsal: this money does not count",
            );
            parts.push(Widget::text(words, Level::Warn));
        }
        if let Audience::Operator { .. } = for_whom {
            parts.extend(self.lists());
        }
        View::new(phase, headline, parts)
    }

    fn lists(&self) -> Vec<Widget> {
        let plain = |text: String| Row { slot: None, text: Text::same(text), level: Level::Plain };
        let wallets = self.bank.wallets().take(ROWS);
        let wallets = wallets.map(|(tag, cents)| plain(format!("{}: {cents}", tag.as_str())));
        let payouts = self.bank.waiting().take(ROWS);
        let payouts = payouts.map(|(id, it)| plain(format!("{id} ({}): {}", it.source, it.amount)));
        let movements = self.bank.movements().iter().rev().take(ROWS).map(|it| {
            let (number, tag, reason) = (it.number, it.tag.as_str(), &it.reason);
            let sign = if it.cents < 0 { '-' } else { '+' };
            let amount = crate::Cents(it.cents.unsigned_abs());
            let level = if it.undone_by.is_some() { Level::Warn } else { Level::Plain };
            let text = Text::same(format!("{number}. {tag} {sign}{amount} {reason}"));
            Row { slot: None, text, level }
        });
        let lists = [
            (Text::new("Porte-monnaie", "Wallets"), wallets.collect::<Vec<_>>()),
            (Text::new("Gains en attente", "Payouts waiting"), payouts.collect()),
            (Text::new("Derniers mouvements", "Last movements"), movements.collect()),
        ];
        let full = lists.into_iter().filter(|(_, rows)| !rows.is_empty());
        full.map(|(title, rows)| Widget::List { title, rows }).collect()
    }
}
