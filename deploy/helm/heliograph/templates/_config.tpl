{{/*
The configuration document of a service: what the chart knows, overridden by what the installation says.
Takes root, component's document (dict), override (dict), secrets (string, empty when there are none).
*/}}
{{- define "heliograph.document" -}}
{{- $logging := dict "level" .root.Values.logging.levels -}}
{{- if eq .root.Values.logging.format "ecs" -}}
{{- $_ := set $logging "structured" (dict "format" (dict "console" "ecs")) -}}
{{- end -}}
{{- $common := dict "logging" $logging "heliograph" (dict "kafka" (include "heliograph.document.kafka" .root | fromYaml)) -}}
{{- if .secrets -}}
{{- $_ := set $common "spring" (dict "config" (dict "import" "configtree:/etc/heliograph/secrets/")) -}}
{{- end -}}
{{- mergeOverwrite $common .document (deepCopy .override) | toYaml -}}
{{- end -}}

{{- define "heliograph.document.kafka" -}}
bootstrap-servers: {{ include "heliograph.kafka.servers" . | quote }}
partitions: {{ .Values.kafka.topics.partitions }}
replication: {{ ternary 1 .Values.kafka.topics.replication .Values.kafka.bundled.enabled }}
min-in-sync-replicas: {{ ternary 1 .Values.kafka.topics.minInSyncReplicas .Values.kafka.bundled.enabled }}
{{- $properties := include "heliograph.kafka.properties" . | fromYaml }}
{{- if $properties }}
properties:
  {{- range $key, $value := $properties }}
  # In brackets, so that the dots stay part of the client setting's name.
  "[{{ $key }}]": {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Client settings: where the mounted certificates are, overridden by what the installation says. */}}
{{- define "heliograph.kafka.properties" -}}
{{- $all := dict -}}
{{- if not .Values.kafka.bundled.enabled -}}
{{- if .Values.kafka.external.authoritiesSecret -}}
{{- $_ := set $all "ssl.truststore.type" "PEM" -}}
{{- $_ := set $all "ssl.truststore.location" "/etc/heliograph/kafka-authorities/ca.crt" -}}
{{- end -}}
{{- if .Values.kafka.external.certificateSecret -}}
{{- $_ := set $all "ssl.keystore.type" "PEM" -}}
{{- $_ := set $all "ssl.keystore.location" "/etc/heliograph/kafka-certificate/tls-combined.pem" -}}
{{- end -}}
{{- $all = mergeOverwrite $all .Values.kafka.external.properties -}}
{{- end -}}
{{- $all | toYaml -}}
{{- end -}}

{{/*
Projected sources: Kafka's secret client settings, the database role, the secret of replays, the service's own.
Takes root, database (bool), databaseRole (bool: the API's own, whose name is in its document), replay (the property that holds that secret, may be empty), own (names, empty ones are left out).
*/}}
{{- define "heliograph.secrets" -}}
{{- if and .root.Values.kafka.external.existingSecret (not .root.Values.kafka.bundled.enabled) }}
- secret:
    name: {{ .root.Values.kafka.external.existingSecret }}
{{- end }}
{{- if .databaseRole }}
- secret:
    name: {{ include "heliograph.query.databaseSecret" .root }}
    items:
      - key: password
        path: heliograph.database.password
{{- else if .database }}
- secret:
    name: {{ include "heliograph.database.secret" .root }}
    items:
      - key: username
        path: heliograph.database.username
      - key: password
        path: heliograph.database.password
{{- end }}
{{- with .replay }}
- secret:
    name: {{ include "heliograph.gateway.replaySecret" $.root }}
    items:
      - key: secret
        path: {{ . }}
{{- end }}
{{- range compact .own }}
- secret:
    name: {{ . }}
{{- end }}
{{- end -}}
