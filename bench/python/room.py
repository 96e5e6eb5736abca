"""The stack that EG replaces, as small as it can be: paho hears the slots, sqlite3 keeps what they say.

py     the network's thread stores each event by a commit of its own and answers it
tuned  a queue and a writer thread, one commit for all that waits, one answer a slot, TCP_NODELAY
"""

import argparse
import json
import queue
import socket
import sqlite3
import threading

import paho.mqtt.client as mqtt

VOTERS = 9

parser = argparse.ArgumentParser()
parser.add_argument("--how", choices=["py", "tuned"], required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--db", required=True)
parser.add_argument("--durability", choices=["full", "normal"], required=True)
parser.add_argument("--ready", required=True)
args = parser.parse_args()

client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="core-01")
client.max_inflight_messages_set(1000)
votes = {}
step = 0


def connection():
    db = sqlite3.connect(args.db, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={args.durability}")
    db.execute("CREATE TABLE IF NOT EXISTS event (slot TEXT, boot TEXT, seq INTEGER, body TEXT)")
    return db


def store(db, events):
    """Commits the events, answers the last of each slot, and tells the result when the last vote is among them."""
    global step
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", events)
    db.execute("COMMIT")
    for slot, boot, seq in {slot: (slot, boot, seq) for slot, boot, seq, _ in events}.values():
        client.publish(f"eg/dev/{slot}/input/ack", json.dumps({"boot": boot, "seq": seq}), qos=1)
    if step and len(votes) == VOTERS:
        client.publish("eg/night/result", '{"step":%d,"votes":%d}' % (step, VOTERS), qos=1)
        step = 0


def heard(topic, payload):
    """Returns the row of an event; other messages are answered here."""
    global step
    if topic == "bench/step":
        step = int(payload)
        votes.clear()
        client.publish("eg/night/step", payload, qos=1)
        return None
    slot = topic.split("/")[2]
    if topic.endswith("/clock/ping"):
        client.publish(f"eg/dev/{slot}/clock/pong", payload)
        return None
    event = json.loads(payload)
    if step:
        votes[slot] = event["input"]
    return slot, event["boot"], event["seq"], payload.decode()


if args.how == "py":
    db = connection()

    def on_message(_client, _data, message):
        row = heard(message.topic, message.payload)
        if row:
            store(db, [row])

else:
    waiting = queue.SimpleQueue()

    def on_message(_client, _data, message):
        waiting.put((message.topic, message.payload))

    def write():
        db = connection()
        while True:
            rows = [heard(*waiting.get())]
            while len(rows) < 1000:
                try:
                    rows.append(heard(*waiting.get_nowait()))
                except queue.Empty:
                    break
            rows = [row for row in rows if row]
            if rows:
                store(db, rows)

    threading.Thread(target=write, daemon=True).start()
    client.on_socket_open = lambda _client, _data, sock: sock.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )

client.on_message = on_message
client.on_connect = lambda *_: client.subscribe(
    [("eg/dev/+/input/event", 1), ("eg/dev/+/clock/ping", 0), ("bench/step", 1)]
)
client.on_subscribe = lambda *_: open(args.ready, "w").close()
client.connect("127.0.0.1", args.port)
client.loop_forever()
