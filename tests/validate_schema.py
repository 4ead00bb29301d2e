#!/usr/bin/env python3
"""Checks JSON files against a JSON Schema: validate_schema.py SCHEMA FILE...

Prints one line per invalid file. Exit code: 0 all valid, 1 some are not (or cannot be
read), 2 usage or a broken schema, 77 the module jsonschema is missing (77 is what test
harnesses take for "skipped").
"""

import json
import sys

try:
    import jsonschema
except ImportError:
    print("validate_schema: skipped: python3 has no module jsonschema"
          " (Debian: apt-get install python3-jsonschema)")
    sys.exit(77)


def refuse_constant(name):
    """NaN and Infinity, which Python would accept."""
    raise ValueError(f"{name} is not JSON")


def unique_object(pairs):
    """An object, in which no key may stand twice."""
    members = {}
    for key, value in pairs:
        if key in members:
            raise ValueError(f'key "{key}" stands twice in an object')
        members[key] = value
    return members


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_constant=refuse_constant,
                         object_pairs_hook=unique_object)


def complaint(validator, path):
    """What is wrong with the file, in one line; None: nothing."""
    try:
        document = load(path)
    except (OSError, ValueError) as error:
        return str(error)
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    if error is None:
        return None
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}"
                    for step in error.absolute_path)
    return f"{where or 'the whole file'}: {error.message[:300]}"


def main(arguments):
    if len(arguments) < 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    try:
        schema = load(arguments[0])
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
    except (OSError, ValueError, jsonschema.exceptions.SchemaError) as error:
        print(f"{arguments[0]}: {error}", file=sys.stderr)
        return 2
    validator = kind(schema)
    invalid = 0
    for path in arguments[1:]:
        what = complaint(validator, path)
        if what is not None:
            print(f"{path}: {what}")
            invalid += 1
    return 1 if invalid else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
