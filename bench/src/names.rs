//! Names of workloads, figures and sides, by which goals and ratios find them.

/// Sides of a comparison.
pub(crate) mod side {
    /// The product: the core with its own broker.
    pub(crate) const EMBEDDED: &str = "EG embedded";
    /// The product behind Mosquitto.
    pub(crate) const BEHIND: &str = "EG behind Mosquitto";
    /// The product where there is no choice of brokers.
    pub(crate) const EG: &str = "EG";
    pub(crate) const NULL_EMBEDDED: &str = "null embedded";
    pub(crate) const NULL_MOSQUITTO: &str = "null Mosquitto";
    pub(crate) const FLOOR: &str = "floor";
    pub(crate) const TUNED: &str = "tuned";
    pub(crate) const PY: &str = "py";
    pub(crate) const DISK: &str = "disk";
    /// A publication to a subscriber, without an agent.
    pub(crate) const LOOPBACK: &str = "publish to a subscriber";

    /// Returns the name of a side of the commit before.
    pub(crate) fn before(side: &str) -> String {
        format!("{side}, before")
    }
}

/// The disk's own figure.
pub(crate) mod disk {
    pub(crate) const NAME: &str = "disk";
    pub(crate) const SYNC: &str = "fdatasync of 4 kB, p50 µs";
}

/// One event until its acknowledgement.
pub(crate) mod event {
    pub(crate) const NORMAL: &str = "one event to its ack, NORMAL";
    pub(crate) const FULL: &str = "one event to its ack, FULL";
    pub(crate) const P50: &str = "p50 µs";
    pub(crate) const P99: &str = "p99 µs";
}

/// Nine votes until their result.
pub(crate) mod votes {
    pub(crate) const NORMAL: &str = "nine votes to their result, NORMAL";
    pub(crate) const FULL: &str = "nine votes to their result, FULL";
    pub(crate) const FROM_LAST: &str = "from the last vote, p50 µs";
    pub(crate) const FROM_FIRST: &str = "from the first vote, p50 µs";
}

/// As many events as can be stored.
pub(crate) mod flood {
    pub(crate) const NAME: &str = "flood, FULL";
    pub(crate) const RATE: &str = "events stored a second";
    pub(crate) const CPU_ALL: &str = "CPU ms per 1,000 events, all in";
    pub(crate) const CPU_CORE: &str = "CPU ms per 1,000 events, without a broker beside";
    pub(crate) const RSS: &str = "RSS MB after it";
}

/// Slots that nobody touches.
pub(crate) mod idle {
    /// Beginning of the names: the number of slots follows.
    pub(crate) const PREFIX: &str = "idle, ";
    pub(crate) const CPU: &str = "CPU %, all in";
    pub(crate) const RSS: &str = "idle RSS MB";
}

/// Costs of an agent.
pub(crate) mod agent {
    pub(crate) const NAME: &str = "agent";
    pub(crate) const RSS: &str = "RSS MB";
    pub(crate) const TAG: &str = "tag on a serial line to a subscriber, p50 µs";
    pub(crate) const READY: &str = "from its start until it is online, ms";
    pub(crate) const IDLE: &str = "CPU ms per 30 s, idle";
}

/// Builds and sizes.
pub(crate) mod build {
    pub(crate) const NAME: &str = "build";
    pub(crate) const FIRST_START: &str = "clone to the first page, cold, s";
    pub(crate) const CORE_SIZE: &str = "core as it is shipped, MB";
    pub(crate) const AGENT_SIZE: &str = "agent as it is shipped, MB";
    pub(crate) const CPU: &str = "CPU s of that build";
}
