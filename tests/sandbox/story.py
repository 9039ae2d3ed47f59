"""A story of calls told by Python's standard XML-RPC client, which knows nothing of the sandbox but its URL.

Usage: story.py URL
"""

import sys
from datetime import datetime
from xmlrpc.client import DateTime, Fault, ProtocolError, ServerProxy

URL = sys.argv[1]
CRM = ServerProxy(URL, allow_none=True, headers=[("Authorization", "Bearer sandbox")])

calls = 0


def call(method, *arguments):
    """Calls a method with a key that doesn't matter, since the token vouches."""
    global calls
    calls += 1
    return getattr(CRM, method)("any key", *arguments)


def refused(code, text, method, *arguments):
    """Expects a fault of this code, whose text begins like this."""
    try:
        answer = call(method, *arguments)
    except Fault as fault:
        equal((fault.faultCode, fault.faultString[: len(text)]), (code, text))
    else:
        raise AssertionError(f"{method}{arguments} answered {answer!r}")


def equal(found, expected):
    assert found == expected, f"\n   found {found!r}\nexpected {expected!r}"


def ids(records):
    return [record["Id"] for record in records]


def on_connecting():
    assert isinstance(call("DataService.getAppSetting", "Application", "enabled"), str)
    equal(CRM.DataService.echo("Zoë <&> 😀"), "Zoë <&> 😀")
    assert CRM.DataService.getUserInfo()["globalUserId"]
    equal(call("DataService.count", "Contact", {}), 0)


def a_contact_arrives():
    ada = call(
        "ContactService.add",
        {"FirstName": "Ada", "LastName": "Byron", "Email": "ada@example.com", "Phone1": "212-555-0143"},
    )
    equal(
        call("ContactService.load", ada, ["Id", "FirstName", "LastName", "Phone1", "City"]),
        {"Id": ada, "FirstName": "Ada", "LastName": "Byron", "Phone1": "(212) 555-0143"},
    )
    return ada


def she_is_not_taken_twice(ada):
    again = {"FirstName": "Augusta", "Email": "ADA@example.com"}
    equal(call("ContactService.addWithDupCheck", again, "Email"), ada)
    equal(call("ContactService.load", ada, ["FirstName", "LastName"]), {"FirstName": "Augusta", "LastName": "Byron"})
    mother = {"FirstName": "Annabella", "LastName": "Byron", "Email": "ada@example.com"}
    annabella = call("ContactService.addWithDupCheck", mother, "EmailAndName")
    assert annabella != ada
    equal(call("ContactService.addWithDupCheck", mother, "EmailAndName"), annabella)
    equal(call("ContactService.update", ada, {"FirstName": "Ada", "LastName": "Lovelace <&> Zoë 😀"}), ada)
    found = call("ContactService.findByEmail", "ada@example.com", ["Id", "LastName"])
    expected = [{"Id": ada, "LastName": "Lovelace <&> Zoë 😀"}, {"Id": annabella, "LastName": "Byron"}]
    equal(sorted(found, key=lambda contact: contact["Id"]), expected)
    return annabella


def the_list_grows(ada):
    people = [
        call("DataService.add", "Contact", {"FirstName": f"Guest {number}", "City": "Paris" if number % 2 else "Rome"})
        for number in range(7)
    ]

    def query(conditions, limit=1000, page=0, *order):
        return ids(call("DataService.query", "Contact", limit, page, conditions, ["Id"], *order))

    paris = people[1::2]
    equal(query({"City": "paris"}, 1000, 0, "Id", True), paris)
    equal(query({"FirstName": "guest %", "City": "P%"}, 1000, 0, "Id", False), paris[::-1])
    equal(query({"Id": f"~>=~{people[4]}"}, 1000, 0, "Id", True), people[4:])
    equal(query({"City": "~null~", "LastName": "~<>~Byron"}, 1000, 0, "Id", True), [ada])
    equal(query({"Id": people[:3]}, 1000, 0, "Id", True), people[:3])
    pages = [query({"FirstName": "Guest%"}, 3, page, "FirstName", False) for page in range(4)]
    equal(pages, [people[:3:-1], people[3:0:-1], people[:1], []])
    equal(call("DataService.count", "Contact", {"City": "Rome"}), 4)
    equal(ids(call("DataService.findByField", "Contact", 10, 0, "FirstName", "Guest 3", ["Id"])), [people[3]])
    return people


def she_is_tagged(ada):
    tag = call("DataService.add", "ContactGroup", {"GroupName": "Analysts"})
    equal(call("ContactService.addToGroup", ada, tag), True)
    equal(call("ContactService.load", ada, ["Groups"]), {"Groups": str(tag)})
    fields = ["GroupId", "ContactGroup", "ContactId", "Contact.FirstName"]
    assigned = {"GroupId": tag, "ContactGroup": "Analysts", "ContactId": ada, "Contact.FirstName": "Ada"}
    equal(call("DataService.query", "ContactGroupAssign", 10, 0, {"GroupId": tag}, fields), [assigned])
    equal(call("ContactService.removeFromGroup", ada, tag), True)
    equal(call("ContactService.load", ada, ["Id", "Groups"]), {"Id": ada})


def a_field_of_their_own(ada):
    field = call("DataService.addCustomField", "Contact", "Engine", "Text", 1)
    form = call("DataService.query", "DataFormField", 10, 0, {"FormId": -1}, ["Id", "Name", "Label", "DataType"])
    equal(form, [{"Id": field, "Name": "Engine", "Label": "Engine", "DataType": 15}])
    equal(call("ContactService.update", ada, {"_Engine": "analytical"}), ada)
    equal(call("DataService.query", "Contact", 10, 0, {"_Engine": "ana%"}, ["Id", "_Engine"]), [
        {"Id": ada, "_Engine": "analytical"},
    ])


def dates(ada):
    born, created = DateTime(datetime(1815, 12, 10)), datetime.now().year
    equal(call("DataService.update", "Contact", ada, {"Birthday": born}), ada)
    loaded = call("DataService.load", "Contact", ada, ["Birthday", "DateCreated"])
    equal(loaded["Birthday"].value, "18151210T00:00:00")
    year = int(loaded["DateCreated"].value[:4])
    assert abs(year - created) <= 1, year
    equal(ids(call("DataService.query", "Contact", 10, 0, {"Birthday": "1815-12%"}, ["Id"])), [ada])
    equal(ids(call("DataService.query", "Contact", 10, 0, {"Birthday": born}, ["Id"])), [ada])


def refusals(ada):
    refused(5, "[RecordNotFound]", "ContactService.load", 1_000_000, ["Id"])
    refused(9, "[NoTableFound]", "DataService.load", "Contacts", ada, ["Id"])
    refused(10, "[NoFieldFound]No field found: Contact.given_name", "DataService.load", "Contact", ada, ["given_name"])
    refused(8, "[NoFieldAccess]", "DataService.update", "Contact", ada, {"DateCreated": DateTime(0)})
    refused(4, "[DatabaseError]", "DataService.query", "Contact", 10, 0, {}, [])
    refused(0, "No method matching arguments: java.lang.String, java.lang.String", "ContactService.load", "1", ["Id"])
    refused(0, "No such handler: ContactService.rename", "ContactService.rename", ada)
    refused(0, "Failed to parse XML-RPC request: Unknown type: nil", "ContactService.load", None, ["Id"])


def two_become_one_and_one_leaves(ada, annabella, people):
    equal(call("ContactService.merge", ada, annabella), True)
    refused(5, "[RecordNotFound]", "ContactService.load", annabella, ["Id"])
    equal(call("DataService.delete", "Contact", people[0]), True)
    refused(5, "[RecordNotFound]", "DataService.load", "Contact", people[0], ["Id"])
    equal(call("DataService.count", "Contact", {}), len(people))


def strangers():
    try:
        ServerProxy(URL, headers=[("Authorization", "Bearer stranger")]).DataService.getUserInfo()
    except ProtocolError as error:
        equal(error.errcode, 401)
    else:
        raise AssertionError("a stranger was let in")
    legacy = ServerProxy(URL.replace("/crm/xmlrpc/v1", "/api/xmlrpc"))
    equal(legacy.DataService.count("sandbox", "Contact", {"FirstName": "Ada"}), 1)
    try:
        legacy.DataService.count("stranger", "Contact", {})
    except Fault as fault:
        equal((fault.faultCode, fault.faultString), (2, "[InvalidKey]Invalid Key"))
    else:
        raise AssertionError("a stranger's key was taken")


def main():
    on_connecting()
    ada = a_contact_arrives()
    annabella = she_is_not_taken_twice(ada)
    people = the_list_grows(ada)
    she_is_tagged(ada)
    a_field_of_their_own(ada)
    dates(ada)
    refusals(ada)
    two_become_one_and_one_leaves(ada, annabella, people)
    strangers()
    assert calls >= 30, calls
    print("the story ends well")


main()
