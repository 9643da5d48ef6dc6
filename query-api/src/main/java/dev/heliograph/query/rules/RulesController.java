package dev.heliograph.query.rules;

import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.Etags;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /rules}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "rules", description = "When to raise an alert")
class RulesController {
    private static final String QUERY = "rules";

    private final JdbcRules rules;
    private final RuleBook book;
    private final Pages pages;

    RulesController(JdbcRules rules, RuleBook book, Pages pages) {
        this.rules = rules;
        this.book = book;
        this.pages = pages;
    }

    @GetMapping("/rules")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "listRules", summary = "Rules by name, a page at a time")
    RulePage list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = limit == null ? pages.most() : pages.size(limit);
        List<@Nullable String> after = pages.after(caller.tenant(), QUERY, cursor, 2);
        List<Rule> found = rules.page(caller.tenant(), size + 1, after);
        List<Rule> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? pages.next(
                        caller.tenant(),
                        QUERY,
                        shown.getLast().name(),
                        shown.getLast().id().toString())
                : null;
        return new RulePage(shown, next, rules.count(caller.tenant()));
    }

    @PostMapping("/rules")
    @Repeatable
    @RequiresRole(Role.OPERATOR)
    @Operation(operationId = "createRule", summary = "Create a rule; the stream follows it within seconds")
    ResponseEntity<Rule> create(Caller caller, @RequestBody RuleDraft draft) {
        Rule rule = found(caller, book.create(caller, draft));
        return ResponseEntity.created(URI.create("/api/v1/rules/" + rule.id()))
                .eTag(Etags.of(rule.version()))
                .body(rule);
    }

    @GetMapping("/rules/{id}")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getRule", summary = "One rule; its ETag is the version")
    ResponseEntity<Rule> get(Caller caller, @PathVariable UUID id) {
        return answer(found(caller, id));
    }

    @PutMapping("/rules/{id}")
    @RequiresRole(Role.OPERATOR)
    @Operation(operationId = "replaceRule", summary = "Replace the rule whose version If-Match names")
    ResponseEntity<Rule> replace(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody RuleDraft draft) {
        book.replace(caller, id, draft, ifMatch);
        return answer(found(caller, id));
    }

    @DeleteMapping("/rules/{id}")
    @RequiresRole(Role.OPERATOR)
    @Operation(operationId = "deleteRule", summary = "Delete a rule; its open alerts resolve")
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        book.delete(caller, id, ifMatch);
        return ResponseEntity.noContent().build();
    }

    private Rule found(Caller caller, UUID id) {
        return rules.find(caller.tenant(), id).orElseThrow(Problems::notFound);
    }

    private static ResponseEntity<Rule> answer(Rule rule) {
        return ResponseEntity.ok().eTag(Etags.of(rule.version())).body(rule);
    }
}
