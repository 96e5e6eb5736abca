#!/usr/bin/env python3
"""Tries whether the core's broker answers: test_mqtt_connection.py [HOST].

The test that rooms know, for a machine on which nothing is installed yet; `eg-agent doctor` looks further. It ends with
0 and "✓ Connexion réussie !" when a broker answers. Without HOST it is CORE_HOST, of the environment or of .env.slot.
"""
import os
import pathlib
import socket
import sys

# MQTT 3.1.1, section 3.1: a CONNECT without a name, with a clean session and a minute of keep-alive.
CONNECT = bytes([0x10, 12, 0, 4]) + b"MQTT" + bytes([4, 2, 0, 60, 0, 0])
# Section 3.2.2.3: what the last byte of a CONNACK says.
ACCEPTED, BAD_PASSWORD, NOT_AUTHORIZED = 0, 4, 5


def core():
    """The host that is meant, or none."""
    if len(sys.argv) > 1:
        return sys.argv[1]
    if os.environ.get("CORE_HOST"):
        return os.environ["CORE_HOST"]
    settings = pathlib.Path(__file__).resolve().parent.parent / ".env.slot"
    lines = settings.read_text().splitlines() if settings.exists() else []
    said = [line.split("=", 1)[1].strip() for line in lines if line.startswith("CORE_HOST=")]
    return said[-1] if said else ""


def answer(host, port):
    """The code with which the broker answers, or why none came."""
    with socket.create_connection((host, port), timeout=5) as stream:
        stream.sendall(CONNECT)
        told = stream.makefile("rb").read(4)
    if len(told) < 4 or told[0] != 0x20:
        raise OSError(f"ce n'est pas un broker MQTT : {told!r}")
    return told[3]


host, port = core(), int(os.environ.get("MQTT_PORT") or 1883)
if not host:
    sys.exit("quel core ? test_mqtt_connection.py HÔTE, ou CORE_HOST dans .env.slot")
try:
    code = answer(host, port)
except OSError as why:
    sys.exit(f"✗ {host}:{port} : {why}\n→ le core tourne-t-il ? docker logs eg-core ; ss -tuln | grep {port}")
if code not in (ACCEPTED, BAD_PASSWORD, NOT_AUTHORIZED):
    sys.exit(f"✗ {host}:{port} : le broker refuse (code {code})")
if code != ACCEPTED:
    print("  le core laisse entrer les postes adoptés : adoptez celui-ci sur la page de l'opérateur, port 3000")
print("✓ Connexion réussie !")
