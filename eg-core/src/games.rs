//! List of games in this core: each crate of `plugins/` once. A crate registers its game when it is linked, and is
//! linked because it is named here.

use buzzer as _;
use casino::Casino;
use code_lock as _;
use combination as _;
use eg_game::Game;
use majority as _;
use night_vote::NightVote;
use together as _;

/// Kind of the game of a room that names none. Older installations open its steps by `eg/night/step`.
pub(crate) const NIGHT: &str = NightVote::KIND;

/// Kind of the game that answers `eg/dev/+/req` of older installations, and takes over their wallets.
pub(crate) const BANK: &str = Casino::KIND;
