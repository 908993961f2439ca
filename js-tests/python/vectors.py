"""Makes js-tests/suite/python-vectors.json with the PyPI package `pusher`: what it signs, validates and encrypts.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pusher==3.3.4
    /tmp/venv/bin/python js-tests/python/vectors.py

The same versions make the same file: the clock stands still, and nonces are counted instead of drawn.
"""

import json
import platform
from base64 import b64decode, b64encode
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import nacl.utils
import pusher.authentication_client
import pusher.http
from pusher.authentication_client import AuthenticationClient
from pusher.crypto import encrypt
from pusher.pusher_client import PusherClient
from pusher.signature import sign

OUTPUT = Path(__file__).parent.parent / "suite" / "python-vectors.json"
CLOCK = 1353088179
CREDENTIALS = {"appId": "3", "key": "278d425bdf160c739803", "secret": "7ad3773142a6692b25b8"}
MASTER_KEY = b64encode(bytes(range(32))).decode()

TEXTS = ["", "text", "Zo\u00eb \U0001f600 \u2028", 'quote " backslash \\ newline \n nul \0', "123", '"in quotes"']
DATA = [{"some": "data"}, {"text": TEXTS[2]}, [1, 2.5, None, True], "plain", *TEXTS[1:]]
ENCRYPTED = ["private-encrypted-a", "private-encrypted-cache-A_z-0=@,.;9"]


def client(kind, **options):
    return kind(
        app_id=CREDENTIALS["appId"],
        key=CREDENTIALS["key"],
        secret=CREDENTIALS["secret"],
        encryption_master_key_base64=MASTER_KEY,
        **options,
    )


def nonces():
    """24 bytes that were never there before."""
    count = 0
    while True:
        count += 1
        yield bytes([count % 256]) * 23 + bytes([count // 256])


def requests(publisher):
    made = [
        publisher.trigger.make_request("my-channel", "my-event", {"message": "hello"}),
        publisher.trigger.make_request(["a", "b-_=@,.;Z9"], "event", "plain", "1234.5678"),
        publisher.trigger.make_request([f"channel-{number}" for number in range(10)], "event", ""),
        publisher.trigger.make_request("#server-to-user-user-1", "event", {"some": "data"}),
        publisher.trigger_batch.make_request(
            [
                {"channel": "a", "name": "event", "data": {"some": "data"}},
                {"channel": "b", "name": "other", "data": "plain", "socket_id": "1.1"},
            ]
        ),
        publisher.channels_info.make_request(),
        publisher.channels_info.make_request("presence-", ["user_count"]),
        publisher.channel_info.make_request("presence-a", ["user_count", "subscription_count"]),
        publisher.users_info.make_request("presence-a@b,c"),
        *[publisher.trigger.make_request("a", text or "event", text) for text in TEXTS],
    ]
    for request in made:
        # What the library itself sets stands in the query.
        own = {"auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"}
        yield {
            "method": request.method,
            "path": request.path,
            "params": {name: value for name, value in request.query_params.items() if name not in own},
            "body": request.body.decode(),
            "query": request.query_string,
        }


def channels(authenticator):
    members = [None, {"user_id": "10"}, {"user_id": "10", "user_info": {"name": TEXTS[2], "list": [1, None]}}]
    names = ["private-a", "presence-foobar", "private-cache-a", "x" * 200, "azAZ09_-=@,.;", *ENCRYPTED]
    for name in names:
        for member in members if name.startswith("presence-") else [None]:
            answer = authenticator.authenticate(name, "1234.5678", member)
            secret = answer.pop("shared_secret", None)
            if secret is not None:
                answer["shared_secret"] = secret.decode()
            yield {"socket_id": "1234.5678", "channel": name, "answer": answer}


def users(authenticator):
    for user in [{"id": "1"}, {"id": "user-1", "user_info": {"name": TEXTS[2]}, "watchlist": ["2", "3"]}]:
        yield {"socket_id": "1.1", "answer": authenticator.authenticate_user("1.1", user)}


def webhooks(authenticator):
    key, secret = CREDENTIALS["key"], CREDENTIALS["secret"]
    now = CLOCK * 1000
    events = [{"name": "channel_occupied", "channel": "a"}, {"name": "client_event", "channel": "b", "data": TEXTS[2]}]
    body = json.dumps({"time_ms": now, "events": events})
    raw = json.dumps({"time_ms": now, "events": events}, ensure_ascii=False)
    old = json.dumps({"time_ms": now - 300_001, "events": events})
    given = [
        ("right", key, sign(secret, body), body),
        ("right, beyond ASCII", key, sign(secret, raw), raw),
        ("another key", "other", sign(secret, body), body),
        ("another secret", key, sign("other", body), body),
        ("another body", key, sign(secret, body), body + " "),
        ("a signature in capitals", key, sign(secret, body).upper(), body),
        ("no signature", key, "", body),
        ("no JSON", key, sign(secret, "not json"), "not json"),
        ("too old for Python", key, sign(secret, old), old),
    ]
    for what, key, signature, body in given:
        valid = authenticator.validate_webhook(key, signature, body) is not None
        yield {"what": what, "key": key, "signature": signature, "body": body, "valid": valid}


def sealed(publisher):
    master_key = b64decode(MASTER_KEY)
    for channel in ENCRYPTED:
        for data in DATA:
            request = publisher.trigger.make_request(channel, "event", data)
            yield {"channel": channel, "data": request.params["data"], "plain": data if isinstance(data, str) else json.dumps(data)}
        box = encrypt(channel, TEXTS[2], master_key, nonce=b"\xff" * 24)
        yield {"channel": channel, "data": json.dumps(box), "plain": TEXTS[2]}


def main():
    supply = nonces()
    with (
        mock.patch.object(pusher.http.time, "time", lambda: CLOCK),
        mock.patch.object(nacl.utils, "random", lambda size: next(supply)[:size]),
    ):
        publisher, authenticator = client(PusherClient), client(AuthenticationClient)
        vectors = {
            "made_with": {name: version(name) for name in ["pusher", "PyNaCl"]} | {"python": platform.python_version()},
            "clock": CLOCK,
            "credentials": CREDENTIALS,
            "master_key_base64": MASTER_KEY,
            "requests": list(requests(publisher)),
            "channels": list(channels(authenticator)),
            "users": list(users(authenticator)),
            "webhooks": list(webhooks(authenticator)),
            "sealed": list(sealed(publisher)),
        }
    OUTPUT.write_text(json.dumps(vectors, indent=1) + "\n")
    print(f"{OUTPUT}: " + ", ".join(f"{len(items)} {name}" for name, items in vectors.items() if isinstance(items, list)))


if __name__ == "__main__":
    main()
