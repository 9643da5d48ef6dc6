package dev.heliograph.query.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.docs.ContractDiff.Change;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractDiffTest {
    private static final String BEFORE = """
            openapi: 3.1.0
            paths:
              /things:
                get:
                  operationId: listThings
                  parameters:
                  - {name: sort, in: query, schema: {type: string, enum: [id, name]}}
                  - {name: q, in: query, schema: {type: string}}
                  responses:
                    "200":
                      headers:
                        ETag: {schema: {type: string}}
                      content:
                        application/json: {schema: {$ref: "#/components/schemas/Thing"}}
                        text/csv: {schema: {type: string}}
                put:
                  operationId: putThing
                  requestBody:
                    required: false
                    content:
                      application/json: {schema: {$ref: "#/components/schemas/Wish"}}
                  responses:
                    "204": {description: done}
              /old:
                delete:
                  operationId: deleteOld
                  responses:
                    "204": {description: done}
            components:
              responses:
                stale: {description: older}
              schemas:
                Thing:
                  type: object
                  required: [id, size]
                  properties:
                    id: {type: string}
                    size: {type: integer, format: int64}
                    state: {type: string, enum: [open, shut]}
                    parts: {type: array, items: {type: object, properties: {name: {type: string}}}}
                Wish:
                  type: object
                  required: [id]
                  properties:
                    id: {type: string}
                    note: {type: [string, "null"]}
                    how:
                      oneOf:
                      - {$ref: "#/components/schemas/Slow"}
                Slow: {type: object, properties: {speed: {type: number}}}
                Fast: {type: object, properties: {speed: {type: number}}}
            """;

    @Test
    void givenTheSame_whenCompared_thenNothingChanged() {
        assertThat(between(BEFORE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "  /old: |  /newer: | DELETE /old | is gone",
                "operationId: putThing | operationId: setThing | PUT /things | was called putThing",
                "enum: [id, name] | enum: [id] | GET /things the query parameter sort | is no longer name",
                "- {name: q, in: query, | - {name: search, in: query, | GET /things | no longer takes the query parameter q",
                "name: q, in: query, schema | name: q, in: query, required: true, schema | GET /things | now requires",
                "required: false | required: true | PUT /things | now requires a body",
                "text/csv: | text/plain: | GET /things 200 | is no longer text/csv",
                "        ETag: |         Tag: | GET /things 200 | no longer has the header ETag",
                "size: {type: integer, | size: {type: string, | Thing.size | was integer and is string",
                "format: int64} | format: int32} | Thing.size | was of the format int64",
                "id: {type: string}\\n        size | ident: {type: string}\\n        size | Thing.id | is gone",
                "required: [id, size] | required: [id] | Thing.size | may now be absent",
                "enum: [open, shut] | enum: [open] | Thing.state | is no longer shut",
                "state: {type: string, | state: {type: [string, \"null\"], | Thing.state | was string and is null or string",
                "{name: {type: string}}} | {title: {type: string}}} | Thing.parts[].name | is gone",
                "required: [id]\\n | required: [id, note]\\n | Wish.note | is now required",
                "note: {type: [string, \"null\"]} | note: {type: string} | Wish.note | was null or string and is string",
                "{$ref: \"#/components/schemas/Slow\"} | {$ref: \"#/components/schemas/Fast\"} | Wish.how | is no longer Slow",
                "stale: {description | older: {description | problem stale | is gone",
                "\"204\": {description: done}\\n  /old | \"200\": {description: done}\\n  /old | PUT /things | no longer answers 204",
            })
    void givenABreak_whenCompared_thenItsPlaceIsNamed(String old, String now, String place, String what) {
        assertThat(between(changed(old, now))).filteredOn(Change::breaking).anySatisfy(change -> {
            assertThat(change.place()).isEqualTo(place);
            assertThat(change.what()).startsWith(what);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "enum: [id, name] | enum: [id, name, size] | GET /things the query parameter sort | may be size",
                "- {name: q, | - {name: page, in: query, schema: {type: string}}\\n      - {name: q, | GET /things | takes the query parameter page",
                "enum: [open, shut] | enum: [open, shut, lost] | Thing.state | may be lost",
                "state: {type | colour: {type: string}\\n        state: {type | Thing.colour | is new",
                "required: [id, size] | required: [id, size, state] | | ",
                "required: [id]\\n | required: []\\n | | ",
                "note: {type | why: {type: string}\\n        note: {type | Wish.why | is new",
                "- {$ref: \"#/components/schemas/Slow\"} | - {$ref: \"#/components/schemas/Slow\"}\\n          - {$ref: \"#/components/schemas/Fast\"} | Wish.how | may be Fast",
                "stale: {description | fresh: {description: new}\\n    stale: {description | problem fresh | is new",
                "description: older | description: other words | | ",
            })
    void givenAnAddition_whenCompared_thenNothingBreaks(String old, String now, String place, String what) {
        List<Change> changes = between(changed(old, now));

        assertThat(changes).noneMatch(Change::breaking);
        if (place != null) {
            assertThat(changes).containsExactly(new Change(false, place, what));
        } else {
            assertThat(changes).isEmpty();
        }
    }

    private static List<Change> between(String after) {
        return ContractDiff.between(ContractDocument.parse(BEFORE), ContractDocument.parse(after));
    }

    private static String changed(String old, String now) {
        String after = BEFORE.replace(old.replace("\\n", "\n"), now.replace("\\n", "\n"));
        assertThat(after).as("the change must be one").isNotEqualTo(BEFORE);
        return after;
    }
}
