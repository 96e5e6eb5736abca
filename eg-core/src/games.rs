//! The games in this core: each crate of `plugins/` once. A crate registers its game when it is linked, and is linked
//! because it is named here.

use buzzer as _;
use casino as _;
use code_lock as _;
use combination as _;
use majority as _;
use night_vote as _;
use together as _;
