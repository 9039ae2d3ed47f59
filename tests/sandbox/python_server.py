"""A tiny CRM on Python's own XML-RPC server, for a client in another language to call.

Prints its URL in one line, serves until its input ends, and never longer than a minute.
"""

import datetime
import os
import sys
import threading
from xmlrpc.client import Binary, DateTime, Fault
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

CONTACTS = {}


class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/crm/xmlrpc/v1",)

    def log_message(self, *_):
        """Says nothing: nobody reads on after the URL."""

    def do_POST(self):
        if self.headers.get("Authorization") == "Bearer python":
            super().do_POST()
        else:
            # A connection that is closed before everything was read is reset, and the answer can be lost.
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_error(401)


def selected(record, fields):
    return {name: record[name] for name in fields if name in record}


def add(_key, data):
    number = len(CONTACTS) + 1
    CONTACTS[number] = {"Id": number, **data}
    return number


def load(_key, number, fields):
    if number not in CONTACTS:
        raise Fault(5, f"[RecordNotFound]Unable to load contact {number}")
    return selected(CONTACTS[number], fields)


def query(_key, table, limit, page, conditions, fields):
    if table != "Contact":
        raise Fault(9, f"[NoTableFound]{table}")
    found = [record for record in CONTACTS.values() if conditions.items() <= record.items()]
    return [selected(record, fields) for record in found[page * limit : (page + 1) * limit]]


def kinds(_key, *values):
    """Names the Python types that the arguments became."""
    return [type(value).__name__ for value in values]


def zoo(_key):
    """One of each, as Python writes them."""
    return {
        "int": -7,
        "double": 0.1,
        "true": True,
        "text": "Zoë <&> \t 😀",
        "blank": "  ",
        "date": DateTime(datetime.datetime(2015, 7, 19, 19, 53, 56)),
        "bytes": Binary(b"\x00\xff"),
        "nested": [[], {}, [{"a": [1]}]],
    }


def main():
    server = SimpleXMLRPCServer(("127.0.0.1", 0), requestHandler=Handler, logRequests=False)
    for name, function in {
        "ContactService.add": add,
        "ContactService.load": load,
        "DataService.query": query,
        "TestService.kinds": kinds,
        "TestService.zoo": zoo,
    }.items():
        server.register_function(function, name)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    limit = threading.Timer(60, os._exit, [1])
    limit.daemon = True
    limit.start()
    print(f"http://127.0.0.1:{server.server_address[1]}/crm/xmlrpc/v1", flush=True)
    sys.stdin.read()


main()
