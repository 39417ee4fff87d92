"""What the server has to answer, told by plain dictionaries: users, spaces, items and the mutations of clients."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

ROLES = ("viewer", "editor", "owner")
RESERVED = ("keys", "clear", "export", "import", "stats")


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, **extra: Any) -> None:
        super().__init__(status, code)
        self.status, self.body = status, {"code": code, **extra}


@dataclass
class Client:
    user: str
    last: int = 0
    seen: dict[int, tuple[Any, dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Space:
    """`items` holds revision and JSON text of each key, None for the text of a tombstone."""

    id: str
    name: str
    epoch: str
    creator: str
    roles: dict[str, str]
    head: int = 0
    items: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def write(self, key: str, value: str | None) -> int:
        self.head += 1
        self.items[key] = (self.head, value)
        return self.head

    def item(self, key: str) -> dict[str, Any]:
        rev, value = self.items.get(key, (0, None))
        return {"key": key, "rev": rev, "deleted": value is None, "value": value}

    def live(self) -> list[str]:
        keys = [key for key, (_, value) in self.items.items() if value is not None]
        return sorted(keys, key=lambda key: key.encode())

    def carry_out(self, mutation: dict[str, Any]) -> dict[str, Any]:
        if not is_valid(mutation):
            return {"status": "rejected", "rev": 0, "why": True}
        current = self.item(mutation["key"])
        if current["rev"] != mutation["base"] and not (mutation["base"] == 0 and current["deleted"]):
            return {"status": "conflict", "rev": current["rev"], "current": current}
        if mutation["op"] == "delete" and current["deleted"]:
            return {"status": "applied", "rev": current["rev"]}
        value = mutation["value"] if mutation["op"] == "put" else None
        return {"status": "applied", "rev": self.write(mutation["key"], value)}

    def transact(self, head: int | None, writes: list[dict[str, Any]]) -> str:
        """All or nothing: what is expected is what was there before the first of the writes."""
        before = {write["key"]: self.item(write["key"]) for write in writes if write["op"] != "clear"}
        if head not in (None, self.head) or not all(is_as_expected(before, write) for write in writes):
            return "conflict"
        for write in writes:
            keys = self.live() if write["op"] == "clear" else [write["key"]]
            for key in keys:
                if write["op"] == "put" or (write["op"] != "check" and not self.item(key)["deleted"]):
                    self.write(key, write["value"])
        return "applied"


class Oracle:
    """Raises Refused where the server must refuse, and answers the body of a 200 otherwise."""

    def __init__(self) -> None:
        self.spaces: dict[str, Space] = {}
        # The spaces of each user, in the order of joining.
        self.joined: dict[str, list[str]] = {}

    def add_space(self, user: str, space_id: str, name: str, epoch: str) -> None:
        self.spaces[space_id] = Space(space_id, name, epoch, user, {user: "owner"})
        self.joined.setdefault(user, []).append(space_id)

    def first(self, user: str) -> Space:
        return self.spaces[self.joined[user][0]]

    def place(self, user: str, address: str, role: str) -> Space:
        space = self.first(user) if address == "default" else self.spaces.get(address)
        if space is None or user not in space.roles:
            raise Refused(404, "NOT_FOUND")
        if ROLES.index(space.roles[user]) < ROLES.index(role):
            raise Refused(403, "FORBIDDEN")
        return space

    def listed(self, user: str) -> list[dict[str, Any]]:
        return [described(self.spaces[space_id], user) for space_id in self.joined[user]]

    # Members

    def set_role(self, user: str, address: str, other: str, role: str) -> Any:
        space = self.place(user, address, "owner")
        self._check_known(other)
        if role != "owner":
            self._check_may_go(space, other)
        if other not in space.roles:
            self.joined[other].append(space.id)
        space.roles[other] = role
        return {"success": True}

    def remove(self, user: str, address: str, other: str) -> Any:
        space = self.place(user, address, "viewer" if other == user else "owner")
        self._check_known(other)
        self._check_may_go(space, other)
        if other not in space.roles:
            raise Refused(404, "NOT_FOUND")
        del space.roles[other]
        self.joined[other].remove(space.id)
        return {"success": True}

    def delete_space(self, user: str, address: str) -> Any:
        space = self.place(user, address, "owner")
        if any(joined[0] == space.id for joined in self.joined.values()):
            raise Refused(409, "CONFLICT")
        for member in space.roles:
            self.joined[member].remove(space.id)
        del self.spaces[space.id]
        return {"success": True}

    def _check_known(self, user: str) -> None:
        if user not in self.joined:
            raise Refused(404, "NOT_FOUND")

    def _check_may_go(self, space: Space, user: str) -> None:
        owners = [member for member, role in space.roles.items() if role == "owner"]
        if owners == [user] or self.first(user) is space:
            raise Refused(409, "CONFLICT")

    # Version 2

    def read(self, user: str, address: str, key: str) -> Any:
        item = self.place(user, address, "viewer").item(key)
        if item["deleted"]:
            raise Refused(404, "NOT_FOUND")
        return {name: item[name] for name in ("key", "rev", "value")}

    def write(self, user: str, address: str, key: str, value: str | None, expected: int | None) -> Any:
        """`expected` is a revision, 0 for what is not there, None for whatever is there."""
        space = self.place(user, address, "editor")
        current = space.item(key)
        there = None if current["deleted"] else current["rev"]
        if (expected is None and there is None) or (expected is not None and (there or 0) != expected):
            raise Refused(412, "PRECONDITION_FAILED", current=current, head=space.head)
        if value is None and current["deleted"]:
            return {"rev": current["rev"]}
        return {"rev": space.write(key, value)}

    def push(self, user: str, address: str, body: dict[str, Any]) -> Any:
        space = self.place(user, address, "editor")
        if body["epoch"] != space.epoch:
            raise Refused(409, "EPOCH_CHANGED", head=space.head)
        client = space.clients.get(body["client"]) or Client(user)
        if client.user != user:
            raise Refused(403, "FORBIDDEN")
        mutations, last = body["mutations"], client.last
        ids = [mutation["id"] for mutation in mutations]
        if ids and (ids != list(range(ids[0], ids[0] + len(ids))) or ids[0] > last + 1):
            raise Refused(409, "GAP")
        if any(mutation != client.seen[mutation["id"]][0] for mutation in mutations if mutation["id"] <= last):
            raise Refused(422, "MUTATION_REUSED")
        results = [self._result(space, client, mutation, last) for mutation in mutations]
        if client.last > last:
            space.clients[body["client"]] = client
        return {"epoch": space.epoch, "head": space.head, "lastMutation": client.last, "results": results}

    def _result(self, space: Space, client: Client, mutation: dict[str, Any], last: int) -> dict[str, Any]:
        number = mutation["id"]
        if number > last:
            outcome = space.carry_out(mutation)
            client.last, client.seen[number] = number, (mutation, outcome)
            return {"id": number, **outcome}
        original = dict(client.seen[number][1])
        if "current" in original:
            original["current"] = space.item(mutation["key"])
        return {"id": number, "status": "duplicate", "rev": original["rev"], "original": original}

    def changes(self, user: str, address: str, epoch: str, since: int, limit: int) -> Any:
        space = self.place(user, address, "viewer")
        if epoch != space.epoch:
            raise Refused(409, "EPOCH_CHANGED", head=space.head)
        if since > space.head:
            raise Refused(400, "BAD_REQUEST", head=space.head)
        found = [space.item(key) for key, (rev, _) in space.items.items() if rev > since]
        found.sort(key=lambda item: item["rev"])
        page, more = found[:limit], len(found) > limit
        following = page[-1]["rev"] if more else space.head
        return {"epoch": epoch, "next": following, "more": more, "head": space.head, "items": page}

    def snapshot(self, user: str, address: str, after: str, limit: int) -> Any:
        space = self.place(user, address, "viewer")
        keys = [key for key in space.live() if key.encode() > after.encode()]
        page, more = keys[:limit], len(keys) > limit
        following = base64url(page[-1]) if more else None
        items = [space.item(key) for key in page]
        return {"epoch": space.epoch, "head": space.head, "next": following, "more": more, "items": items}

    # For clients without a copy of their own

    def storage(self, user: str, name: str) -> dict[str, Any] | None:
        """The user's own space of this name, None where it has to be made; what others made is not the user's own."""
        first, *others = (self.spaces[space_id] for space_id in self.joined[user])
        if name == "default":
            return described(first, user)
        made = [space for space in others if space.creator == user and space.roles[user] == "owner"]
        found = [space for space in made if space.name == name]
        return described(found[0], user) if found else None

    def transact(self, user: str, address: str, body: dict[str, Any]) -> Any:
        check_writes(body["writes"])
        space = self.place(user, address, "editor")
        if body["epoch"] != space.epoch:
            raise Refused(409, "EPOCH_CHANGED", head=space.head)
        client = space.clients.get(body["client"]) or Client(user)
        if client.user != user:
            raise Refused(403, "FORBIDDEN")
        number, asked = body["id"], (body["head"], body["writes"])
        if number > client.last + 1:
            raise Refused(409, "GAP")
        answer = {"epoch": space.epoch, "head": space.head}
        if number <= client.last:
            before, outcome = client.seen[number]
            if before != asked:
                raise Refused(422, "MUTATION_REUSED")
            rev = outcome["rev"]
            return answer | {"status": "duplicate", "since": rev, "rev": rev, "original": outcome["status"]}
        status = space.transact(body["head"], body["writes"])
        space.clients[body["client"]] = client
        client.last, client.seen[number] = number, (asked, {"status": status, "rev": space.head})
        return {"epoch": space.epoch, "head": space.head, "status": status, "since": answer["head"], "rev": space.head}

    def read_many(self, user: str, address: str, keys: list[str]) -> Any:
        if "" in keys:
            raise Refused(400, "INVALID_KEY")
        space = self.place(user, address, "viewer")
        items = [item for item in map(space.item, keys) if not item["deleted"]]
        return {"epoch": space.epoch, "head": space.head, "done": len(keys), "items": items}

    def index(self, user: str, address: str, after: str, limit: int) -> Any:
        answer = self.snapshot(user, address, after, limit)
        items = [{"key": i["key"], "rev": i["rev"], "bytes": len(i["value"].encode())} for i in answer["items"]]
        return answer | {"items": items}

    # Version 1, on the first space

    def get(self, user: str, key: str) -> Any:
        check_reachable(key)
        value = self.first(user).item(key)["value"]
        if value is None:
            raise Refused(404, "NOT_FOUND")
        return {"value": json.loads(value)}

    def put(self, user: str, key: str, value: Any) -> Any:
        check_reachable(key)
        self.first(user).write(key, text_of(value))
        return {"success": True}

    def delete(self, user: str, key: str) -> Any:
        check_reachable(key)
        if self.first(user).item(key)["deleted"]:
            raise Refused(404, "NOT_FOUND")
        self.first(user).write(key, None)
        return {"success": True}

    def clear(self, user: str) -> Any:
        for key in self.first(user).live():
            self.first(user).write(key, None)
        return {"success": True}

    def import_(self, user: str, data: dict[str, Any]) -> Any:
        for key, value in data.items():
            self.first(user).write(key, text_of(value))
        return {"success": True, "imported": len(data)}

    def export(self, user: str) -> dict[str, Any]:
        space = self.first(user)
        return {key: json.loads(space.item(key)["value"]) for key in space.live()}

    def keys(self, user: str) -> Any:
        return {"keys": sorted(self.first(user).live(), key=lambda key: key.encode("utf-16-be"))}

    def stats(self, user: str) -> Any:
        space = self.first(user)
        sizes = [len(key.encode()) + len(space.item(key)["value"].encode()) for key in space.live()]
        return {"total_keys": len(sizes), "total_size_bytes": sum(sizes)}


def described(space: Space, user: str) -> dict[str, Any]:
    return {
        "id": space.id, "name": space.name, "role": space.roles[user], "epoch": space.epoch, "head": space.head
    }  # fmt: skip


def is_valid(mutation: dict[str, Any]) -> bool:
    if not mutation["key"] or mutation["op"] not in ("put", "delete"):
        return False
    try:
        json.loads("null" if mutation["op"] == "delete" else mutation["value"])
    except ValueError:
        return False
    return True


def is_as_expected(before: dict[str, dict[str, Any]], write: dict[str, Any]) -> bool:
    if write["base"] is None:
        return True
    current = before[write["key"]]
    return bool(current["rev"] == write["base"] or (write["base"] == 0 and current["deleted"]))


def check_writes(writes: list[dict[str, Any]]) -> None:
    """The first that can never be valid stops all."""
    for write in writes:
        if write["op"] == "put" and not is_valid(write | {"key": "any"}):
            raise Refused(400, "INVALID_VALUE")
        if write["key"] == "":
            raise Refused(400, "INVALID_KEY")


def check_reachable(key: str) -> None:
    if key in RESERVED:
        raise Refused(400, "INVALID_KEY")


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def base64url(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).rstrip(b"=").decode()
