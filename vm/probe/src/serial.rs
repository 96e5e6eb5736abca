//! Serial tag readers: a pseudo-terminal is the cable.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use anyhow::ensure;
use eg_hal::{Reading, Sample};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::check::checks;
use crate::place::{Place, same, says};

checks!("serial", Root:
    a_tag_arrives,
    a_tag_in_pieces_arrives_whole,
    what_came_before_is_nobodys,
    a_reader_that_vanishes_and_returns,
    what_is_written_arrives_unchanged,
    a_missing_port_says_so,
);

/// As udev's name of a reader does, this stays while the terminal under it changes.
const PORT: &str = "/tmp/reader";
const CONFIG: &str = "{port: /tmp/reader, quiet: 0s}";

/// The reader's end of the cable. Dropping it pulls the plug.
pub(crate) struct Reader(OwnedFd);

impl Reader {
    pub(crate) fn plug_in() -> anyhow::Result<Self> {
        let end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&end)?;
        unlockpt(&end)?;
        let name = PathBuf::from(ptsname(&end, Vec::new())?.to_str()?);
        drop(fs::remove_file(PORT));
        symlink(name, PORT)?;
        Ok(Self(end))
    }

    pub(crate) fn send(&self, bytes: &[u8]) -> anyhow::Result<()> {
        same(rustix::io::write(&self.0, bytes)?, bytes.len())
    }
}

fn tags(samples: &[Sample]) -> Vec<&Reading> {
    samples.iter().map(|sample| &sample.reading).collect()
}

fn tag(digits: &str) -> Reading {
    Reading::Tag(digits.to_owned())
}

fn a_tag_arrives() -> anyhow::Result<()> {
    let reader = Reader::plug_in()?;
    let mut device = Place::default().open("vm/reader", "serial-tag", CONFIG)?;
    same(device.read()?, vec![])?;
    device.stays_quiet()?;

    reader.send(b"04a37c91\r\n04A37C92\r\n")?;

    same(tags(&device.samples(2)?), vec![&tag("04A37C91"), &tag("04A37C92")])
}

fn a_tag_in_pieces_arrives_whole() -> anyhow::Result<()> {
    let reader = Reader::plug_in()?;
    let mut device = Place::default().open("vm/reader", "serial-tag", CONFIG)?;

    let mut early = Vec::new();
    for piece in [&b"04a3"[..], b"7c", b"91"] {
        reader.send(piece)?;
        early.extend(device.read()?);
    }
    reader.send(b"\r")?;

    same(early, vec![])?;
    same(tags(&device.samples(1)?), vec![&tag("04A37C91")])
}

fn what_came_before_is_nobodys() -> anyhow::Result<()> {
    let reader = Reader::plug_in()?;
    reader.send(b"DEADBEEF\r\n")?;

    let mut device = Place::default().open("vm/reader", "serial-tag", CONFIG)?;
    let before = device.read()?;
    reader.send(b"04A37C91\r\n")?;

    same(before, vec![])?;
    same(tags(&device.samples(1)?), vec![&tag("04A37C91")])
}

fn a_reader_that_vanishes_and_returns() -> anyhow::Result<()> {
    let reader = Reader::plug_in()?;
    let place = Place::default();
    let mut device = place.open("vm/reader", "serial-tag", CONFIG)?;
    reader.send(b"04A37C91\r\n")?;
    device.samples(1)?;

    drop(reader);
    let why = device.failure()?;
    drop(device);
    let missing = place.refusal("vm/reader", "serial-tag", CONFIG)?;
    let reader = Reader::plug_in()?;
    let mut device = place.open("vm/reader", "serial-tag", CONFIG)?;
    reader.send(b"04A37C92\r\n")?;

    same(why.as_str(), "port /tmp/reader: hung up")?;
    says(&missing, "cannot open port /tmp/reader: it does not exist")?;
    same(tags(&device.samples(1)?), vec![&tag("04A37C92")])
}

/// Raw means raw: no line end is changed, nothing is echoed, no byte is a command.
fn what_is_written_arrives_unchanged() -> anyhow::Result<()> {
    let reader = Reader::plug_in()?;
    let place = Place::default();
    let mut port = place.board("vm/port").serial(&PORT.into(), 115_200)?;
    let every: Vec<u8> = (0..=255).collect();

    port.write_all(&every)?;
    let mut written = vec![0; 512];
    let count = rustix::io::read(&reader.0, &mut written)?;
    reader.send(&every)?;
    let mut read = vec![0; 512];
    let back = port.read(&mut read)?;

    ensure!(written[..count] == every, "written {:?}", &written[..count]);
    ensure!(read[..back] == every, "read {:?}", &read[..back]);
    Ok(())
}

fn a_missing_port_says_so() -> anyhow::Result<()> {
    let config = "port: /dev/ttyUSB7";

    let why = Place::default().refusal("vm/reader", "serial-tag", config)?;

    says(&why, "cannot open port /dev/ttyUSB7: it does not exist; is it plugged in and enabled?")
}
