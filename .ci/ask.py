#!/usr/bin/env python3
"""Ask an address until it answers as expected, and print the answer's body.

ask.py ADDRESS [--status 200] [--within SECONDS] [--header "NAME: VALUE"]...
"""

import argparse
import http.client
import sys
import time
from urllib.parse import urlsplit

parser = argparse.ArgumentParser()
parser.add_argument("address")
parser.add_argument("--status", type=int, default=200)
parser.add_argument("--within", type=float, default=0)
parser.add_argument("--header", action="append", default=[])
arguments = parser.parse_args()

parts = urlsplit(arguments.address)
headers = dict(header.split(": ", 1) for header in arguments.header)
give_up_at = time.monotonic() + arguments.within
while True:
    # Redirections are not followed: they are answers, too.
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", parts.path or "/", headers=headers)
        response = connection.getresponse()
        body = response.read().decode()
        answer = f"status {response.status}"
        if response.status == arguments.status:
            sys.stdout.write(body)
            break
    except (OSError, http.client.HTTPException) as error:
        answer = str(error)
    finally:
        connection.close()
    if time.monotonic() >= give_up_at:
        sys.exit(f"{arguments.address}: expected status {arguments.status}, got {answer}.")
    time.sleep(0.5)
