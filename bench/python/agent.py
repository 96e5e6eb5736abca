"""The agent of the stack that EG replaces: a reader of tags on a serial line, sent by paho."""

import argparse
import json
import socket
import termios
import tty

import paho.mqtt.client as mqtt

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--slot", required=True)
parser.add_argument("--tty", required=True)
args = parser.parse_args()

base = f"eg/dev/{args.slot}"
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=args.slot)
client.will_set(f"{base}/status", "offline", qos=1, retain=True)
client.on_socket_open = lambda _client, _data, sock: sock.setsockopt(
    socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
)


def on_connect(*_):
    client.publish(f"{base}/status", "online", qos=1, retain=True)


client.on_connect = on_connect
client.connect("127.0.0.1", args.port)
client.loop_start()

line = open(args.tty, "rb", buffering=0)
tty.setraw(line.fileno(), termios.TCSANOW)
client.publish(f"{base}/input/status", "{}", qos=1, retain=True)
waiting = b""
while True:
    waiting += line.read(64) or b""
    *tags, waiting = waiting.split(b"\r\n")
    for number, tag in enumerate(tags):
        event = {"seq": number, "kind": "tag", "data": {"uid": tag.decode()}}
        client.publish(f"{base}/input/event", json.dumps(event), qos=1)
