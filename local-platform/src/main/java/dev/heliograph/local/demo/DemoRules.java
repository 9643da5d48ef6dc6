package dev.heliograph.local.demo;

import dev.heliograph.local.client.HeliographApi;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A handful of rules as a plant would have them, for the types of devices that are simulated. */
final class DemoRules {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Limits: vibration as ISO 10816-3 grades it (C begins at 4.5 mm/s for such pumps), CO2 as EN 13779 does (IDA 4). */
    private static final String RULES = """
            [
              {"name": "Room air is used up", "severity": "warning", "scope": {"types": ["climate"]},
               "condition": {"type": "threshold", "metric": "co2", "operator": "ge", "value": 1400, "clear": 1200},
               "holdSeconds": 120, "owner": "Facility team"},
              {"name": "Room is too warm", "severity": "info", "scope": {"types": ["climate"]},
               "condition": {"type": "threshold", "metric": "temperature", "operator": "ge", "value": 28, "clear": 27},
               "holdSeconds": 300, "owner": "Facility team"},
              {"name": "Boiler overheats", "severity": "critical", "scope": {"types": ["boiler"]},
               "condition": {"type": "threshold", "metric": "flow_temperature", "operator": "ge", "value": 85, "clear": 80},
               "holdSeconds": 30, "owner": "Heating team"},
              {"name": "Heating circuit loses pressure", "severity": "warning", "scope": {"types": ["boiler"]},
               "condition": {"type": "threshold", "metric": "pressure", "operator": "le", "value": 1.0, "clear": 1.2},
               "holdSeconds": 60, "owner": "Heating team"},
              {"name": "Pump vibrates", "severity": "critical", "scope": {"types": ["pump"]},
               "condition": {"type": "threshold", "metric": "vibration", "operator": "ge", "value": 4.5, "clear": 4.0},
               "holdSeconds": 20, "owner": "Maintenance"},
              {"name": "Pump bearing runs hot", "severity": "warning", "scope": {"types": ["pump"]},
               "condition": {"type": "threshold", "metric": "bearing_temperature", "operator": "ge", "value": 75, "clear": 70},
               "holdSeconds": 60, "owner": "Maintenance"},
              {"name": "Device does not report", "severity": "warning", "scope": {},
               "condition": {"type": "absence", "afterSeconds": 90}, "holdSeconds": 0, "owner": "Operations"}
            ]
            """;

    private DemoRules() {}

    static JsonNode all() {
        return JSON.readTree(RULES);
    }

    static void writeTo(HeliographApi api) throws IOException {
        for (JsonNode rule : all()) {
            api.post("/rules", rule);
        }
    }
}
