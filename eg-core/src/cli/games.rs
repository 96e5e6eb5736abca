//! `games`: lists the games in this core.

use comfy_table::{Table, presets};
use serde_json::json;
use std::process::ExitCode;

pub(super) fn table() -> ExitCode {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["game", "crate", "version", "about"]);
    for game in eg_game::games() {
        table.add_row([game.kind, game.krate, game.version, game.about]);
    }
    anstream::println!("{table}");
    ExitCode::SUCCESS
}

pub(super) fn json() -> ExitCode {
    let game = |game: &eg_game::GameEntry| {
        json!({
            "kind": game.kind,
            "crate": game.krate,
            "version": game.version,
            "about": game.about,
            "schema": (game.schema)(),
        })
    };
    let games: Vec<_> = eg_game::games().into_iter().map(game).collect();
    anstream::println!("{:#}", serde_json::Value::from(games));
    ExitCode::SUCCESS
}
