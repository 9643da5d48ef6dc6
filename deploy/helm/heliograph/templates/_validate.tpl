{{/* Refusals that a schema cannot express; included once. Each says what to set. */}}
{{- define "heliograph.validate" -}}
{{- if not .Values.publicUrl -}}
{{- fail "publicUrl is not set: the address under which browsers reach the installation, e.g. https://heliograph.example.org" -}}
{{- end -}}
{{- if and (not .Values.kafka.bundled.enabled) (not .Values.kafka.external.bootstrapServers) -}}
{{- fail "no Kafka: set kafka.external.bootstrapServers, or kafka.bundled.enabled=true for an evaluation" -}}
{{- end -}}
{{- if and .Values.kafka.bundled.enabled .Values.kafka.external.bootstrapServers -}}
{{- fail "two Kafkas: kafka.bundled.enabled and kafka.external.bootstrapServers exclude each other" -}}
{{- end -}}
{{- if and (not .Values.kafka.bundled.enabled) (gt (int .Values.kafka.topics.minInSyncReplicas) (int .Values.kafka.topics.replication)) -}}
{{- fail "kafka.topics.minInSyncReplicas is above kafka.topics.replication: no record could be acknowledged" -}}
{{- end -}}
{{- if and (not .Values.database.bundled.enabled) (not .Values.database.external.url) -}}
{{- fail "no database: set database.external.url, or database.bundled.enabled=true for an evaluation" -}}
{{- end -}}
{{- if and .Values.database.bundled.enabled .Values.database.external.url -}}
{{- fail "two databases: database.bundled.enabled and database.external.url exclude each other" -}}
{{- end -}}
{{- if and .Values.database.external.url (not .Values.database.external.existingSecret) -}}
{{- fail "database.external.existingSecret is not set: the secret with the keys username and password" -}}
{{- end -}}
{{- if regexMatch "[?&;](password|sslpassword)=" .Values.database.external.url -}}
{{- fail "database.external.url carries a password: put it into the secret named by database.external.existingSecret" -}}
{{- end -}}
{{- if and .Values.database.external.authoritiesSecret (regexMatch "[?&](sslrootcert|sslfactory)=" .Values.database.external.url) -}}
{{- fail "two authorities of the database: database.external.authoritiesSecret, and sslrootcert or sslfactory in database.external.url" -}}
{{- end -}}
{{- if and .Values.database.external.authoritiesSecret (not (regexMatch "[?&]sslmode=verify-(ca|full)" .Values.database.external.url)) -}}
{{- fail "database.external.url asks for no proof: with database.external.authoritiesSecret say sslmode=verify-full" -}}
{{- end -}}
{{- if and (or .Values.kafka.external.authoritiesSecret .Values.kafka.external.certificateSecret) (not (hasSuffix "SSL" (get .Values.kafka.external.properties "security.protocol"))) -}}
{{- fail "connections to Kafka are not encrypted: with kafka.external.authoritiesSecret or certificateSecret set kafka.external.properties.security.protocol to SSL or SASL_SSL" -}}
{{- end -}}
{{- if and (not .Values.identity.bundled.enabled) (not .Values.identity.issuer) -}}
{{- fail "no identity provider: set identity.issuer, or identity.bundled.enabled=true for an evaluation" -}}
{{- end -}}
{{- if and .Values.identity.bundled.enabled .Values.identity.issuer -}}
{{- fail "two identity providers: identity.bundled.enabled and identity.issuer exclude each other" -}}
{{- end -}}
{{- if and .Values.identity.issuer (not .Values.identity.jwkSetUri) -}}
{{- fail "identity.jwkSetUri is not set: the jwks_uri of the issuer's discovery document" -}}
{{- end -}}
{{- if not (or .Values.gateway.mqtt.plain .Values.gateway.mqtt.tls.secretName) -}}
{{- fail "no MQTT listener: set gateway.mqtt.tls.secretName or gateway.mqtt.plain=true" -}}
{{- end -}}
{{- if and (ne .Values.gateway.mqtt.tls.clientCertificates "none") (or (not .Values.gateway.mqtt.tls.secretName) (not .Values.gateway.mqtt.tls.clientAuthoritiesSecret)) -}}
{{- fail "certificates of devices: set gateway.mqtt.tls.secretName and gateway.mqtt.tls.clientAuthoritiesSecret" -}}
{{- end -}}
{{- if and .Values.gatewayApi.enabled (not .Values.gatewayApi.parentRefs) -}}
{{- fail "gatewayApi.parentRefs is empty: name the Gateway that the route attaches to" -}}
{{- end -}}
{{- if lt (int .Values.gateway.autoscaling.maxReplicas) (int .Values.gateway.autoscaling.minReplicas) -}}
{{- fail "gateway.autoscaling.maxReplicas is below gateway.autoscaling.minReplicas" -}}
{{- end -}}
{{- if and .Values.query.databaseRole.enabled (not .Values.query.databaseRole.existingSecret) (not (and .Values.migration.enabled .Values.query.databaseRole.create)) -}}
{{- fail "query.databaseRole.existingSecret is not set: the migration job makes no role heliograph_query here, so say which secret has the password that yours has" -}}
{{- end -}}
{{- range $path, $document := dict "gateway.config" .Values.gateway.config "stream.config" .Values.stream.config "query.config" .Values.query.config "kafka.external.properties" .Values.kafka.external.properties -}}
{{- if regexMatch "(?i)\"[^\"]*(password|secret|jaas\\.config|private-key|keystore\\.key)\"\\s*:\\s*\"[^\"]" ($document | toJson) -}}
{{- fail (printf "%s holds a password: it would end in a ConfigMap; use the secret beside it" $path) -}}
{{- end -}}
{{- end -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.database.external.existingSecret) -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.database.bundled.existingSecret) -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.migration.existingSecret) -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.identity.bundled.existingSecret) -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.migration.adminSecret) -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.query.cursorSecret) -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.query.databaseRole.existingSecret) -}}
{{- include "heliograph.validate.secret" (dict "root" . "name" .Values.gateway.replaySecret) -}}
{{- end -}}

{{/* A secret that is there already must not hold a password that was printed in some manual. */}}
{{- define "heliograph.validate.secret" -}}
{{- if .name -}}
{{- range $key, $value := (lookup "v1" "Secret" .root.Release.Namespace .name).data -}}
{{- if regexMatch "(?i)^(change-?me|change_me|password|passw0rd|secret|admin|postgres|heliograph|example|test|todo|replace-?me|1234.*)?\\s*$" ($value | b64dec) -}}
{{- if ne $key "username" -}}
{{- fail (printf "key %s of secret %s is empty or a well-known placeholder: set a random value" $key $.name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
