//! Observer of one client's packets: remembers its subscriptions, and makes those of an earlier connection again.

use bytes::{BufMut, BytesMut};

use super::{FILTER, FILTERS, Remembered, WORD};
use crate::broker::embedded::answers::answers;
use crate::broker::embedded::wire::{
    DISCONNECT, Fields, Level, PUBLISH, SUBACK, SUBSCRIBE, UNSUBACK, UNSUBSCRIBE, packet, put_text,
};

/// Packet identifier of a SUBSCRIBE made on a client's behalf. Clients count from 1.
const SUBSCRIBED: u16 = 0xfff0;
const UNSUBSCRIBED: u16 = 0xfff1;
/// Bits of an options byte that 3.1.1 knows: the QoS.
const QOS: u8 = 0b11;
/// First byte of a PUBLISH with QoS 0, retained.
const RETAINED: u8 = 0x31;

/// Observer of one client's connection.
pub(in crate::broker::embedded) struct Talk {
    memory: Remembered,
    id: String,
    will_topic: Option<String>,
    /// `true` once the client has subscribed to something by itself.
    spoke: bool,
    /// Topic filters that were subscribed to on the client's behalf.
    resumed: Vec<String>,
    /// Answers that the client did not ask for: their packet type and packet identifier.
    awaited: Vec<(u8, u16)>,
}

impl Talk {
    /// Creates the observer for the connection of the client `id`.
    pub(in crate::broker::embedded) fn new(
        memory: Remembered,
        id: String,
        will_topic: Option<String>,
    ) -> Self {
        Self { memory, id, will_topic, spoke: false, resumed: Vec::new(), awaited: Vec::new() }
    }

    /// Returns the packets that restore an accepted client's earlier state: its retained message and subscriptions.
    /// Called for a client without a session in the broker.
    pub(in crate::broker::embedded) fn resume(&mut self, level: Level) -> BytesMut {
        let mut said = BytesMut::new();
        if self.spoke {
            return said;
        }
        let Some(client) = self.memory.recall(&self.id) else { return said };
        if let (Some(topic), Some(word)) = (&self.will_topic, &client.word) {
            let mut body = BytesMut::new();
            put_text(&mut body, topic);
            no_properties(&mut body, level);
            body.put_slice(word.as_bytes());
            said.unsplit(packet(RETAINED, &body));
        }
        if !client.filters.is_empty() {
            let mut body = BytesMut::new();
            body.put_u16(SUBSCRIBED);
            no_properties(&mut body, level);
            for (filter, options) in &client.filters {
                put_text(&mut body, filter);
                body.put_u8(if level == Level::V4 { options & QOS } else { *options });
            }
            said.unsplit(packet((SUBSCRIBE << 4) | 0b10, &body));
            self.awaited.push((SUBACK, SUBSCRIBED));
            self.resumed = client.filters.into_keys().collect();
            tracing::debug!(client = self.id, "what a client had subscribed to stands again");
        }
        said
    }

    /// Takes in a packet of the client; returns packets that the broker has to receive before it.
    pub(in crate::broker::embedded) fn said(
        &mut self,
        whole: &[u8],
        header: usize,
        level: Level,
    ) -> BytesMut {
        let fields = Fields(&whole[header..]);
        match whole[0] >> 4 {
            SUBSCRIBE => return self.subscribes(fields, level),
            UNSUBSCRIBE => self.unsubscribes(fields, level),
            PUBLISH if whole[0] & 1 == 1 => self.retains(whole[0], fields, level),
            // MQTT 5 knows goodbyes that are none: reason 0x04 asks for the will.
            DISCONNECT if matches!(fields.0, [] | [0, ..]) => self.memory.forget(&self.id),
            _ => {}
        }
        BytesMut::new()
    }

    /// Returns `true` if a packet of the broker answers a packet made on the client's behalf.
    pub(in crate::broker::embedded) fn is_answer_to_us(
        &mut self,
        whole: &[u8],
        header: usize,
    ) -> bool {
        let before = self.awaited.len();
        self.awaited.retain(|(kind, id)| !answers(whole, header, *kind, *id));
        self.awaited.len() < before
    }

    fn subscribes(&mut self, fields: Fields<'_>, level: Level) -> BytesMut {
        let wanted = filters(fields, level, true);
        let first = !std::mem::replace(&mut self.spoke, true);
        self.memory.change(&self.id, |client| {
            if first {
                client.filters.clear();
            }
            let known = wanted.iter().filter(|(filter, _)| filter.len() <= FILTER);
            for (filter, options) in known {
                if client.filters.len() < FILTERS || client.filters.contains_key(filter) {
                    client.filters.insert(filter.clone(), *options);
                }
            }
        });
        // It speaks for itself: what it does not ask for again is not served any more.
        let mut over = std::mem::take(&mut self.resumed);
        over.retain(|filter| !wanted.iter().any(|(wanted, _)| wanted == filter));
        if over.is_empty() {
            return BytesMut::new();
        }
        let mut body = BytesMut::new();
        body.put_u16(UNSUBSCRIBED);
        no_properties(&mut body, level);
        over.iter().for_each(|filter| put_text(&mut body, filter));
        self.awaited.push((UNSUBACK, UNSUBSCRIBED));
        packet((UNSUBSCRIBE << 4) | 0b10, &body)
    }

    fn unsubscribes(&mut self, fields: Fields<'_>, level: Level) {
        let over = filters(fields, level, false);
        self.memory.change(&self.id, |client| {
            for (filter, _) in &over {
                client.filters.remove(filter);
            }
        });
    }

    /// Remembers a retained message on the topic of the client's will, which tells the client's state while it is
    /// connected.
    fn retains(&mut self, first: u8, mut fields: Fields<'_>, level: Level) {
        let Some(will_topic) = &self.will_topic else { return };
        if fields.sized() != Some(will_topic.as_bytes()) {
            return;
        }
        let has_id = first & 0b110 != 0;
        if (has_id && fields.number().is_none()) || fields.properties(level).is_none() {
            return;
        }
        let word = std::str::from_utf8(fields.0).ok().filter(|word| word.len() <= WORD);
        let word = word.filter(|word| !word.is_empty()).map(str::to_owned);
        self.memory.change(&self.id, |client| client.word = word);
    }
}

fn no_properties(body: &mut BytesMut, level: Level) {
    if level == Level::V5 {
        body.put_u8(0);
    }
}

/// Reads the topic filters of a SUBSCRIBE, with their options, or of an UNSUBSCRIBE.
fn filters(mut fields: Fields<'_>, level: Level, with_options: bool) -> Vec<(String, u8)> {
    let mut all = Vec::new();
    if fields.number().and_then(|_| fields.properties(level)).is_none() {
        return all;
    }
    while let Some(filter) = fields.sized() {
        let options = if with_options { fields.byte().unwrap_or(0) } else { 0 };
        all.push((String::from_utf8_lossy(filter).into_owned(), options));
    }
    all
}
