{{/* One component's policy. Takes root, component, ingress and egress (rendered lists of rules, may be empty). */}}
{{- define "heliograph.policy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "heliograph.fullname" .root }}-{{ .component }}
  labels:
    {{- include "heliograph.labels" (dict "root" .root "component" .component) | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "heliograph.selector" (dict "root" .root "component" .component) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- with .ingress }}
  ingress:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with .egress }}
  egress:
    {{- . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* A rule for given peers; no peers means anywhere. Takes key (from or to), peers, ports. */}}
{{- define "heliograph.policy.rule" -}}
- ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
  {{- with .peers }}
  {{ $.key }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* A rule between components of the release. Takes root, key, components, port. */}}
{{- define "heliograph.policy.within" -}}
- ports:
    - {protocol: TCP, port: {{ .port }}}
  {{ .key }}:
    {{- range .components }}
    - podSelector:
        matchLabels:
          {{- include "heliograph.selector" (dict "root" $.root "component" .) | nindent 10 }}
    {{- end }}
{{- end -}}

{{/* Health and metrics, for whoever reads them, and for the pod of `helm test`. Takes root, port. */}}
{{- define "heliograph.policy.metrics" -}}
{{- include "heliograph.policy.rule" (dict "key" "from" "ports" (list .port) "peers" (default (list (dict "podSelector" dict)) .root.Values.networkPolicy.metricsFrom)) }}
{{- if and .root.Values.tests.enabled .root.Values.networkPolicy.metricsFrom }}
{{ include "heliograph.policy.within" (dict "root" .root "key" "from" "components" (list "test") "port" .port) }}
{{- end }}
{{- end -}}

{{/* Whoever may reach the web ports, and a component of the release where that is not everyone already. Takes root, component (may be empty). */}}
{{- define "heliograph.policy.webFrom" -}}
{{- with .root.Values.networkPolicy.webFrom -}}
{{- toYaml . }}
{{- if $.component }}
- podSelector:
    matchLabels:
      {{- include "heliograph.selector" $ | nindent 6 }}
{{- end }}
{{- else -}}
[]
{{- end -}}
{{- end -}}

{{- define "heliograph.policy.kafka" -}}
{{- if .Values.kafka.bundled.enabled -}}
{{- include "heliograph.policy.within" (dict "root" . "key" "to" "components" (list "kafka") "port" 9092) -}}
{{- else -}}
{{- include "heliograph.policy.rule" (dict "key" "to" "ports" .Values.kafka.external.ports "peers" .Values.kafka.external.peers) -}}
{{- end -}}
{{- end -}}

{{- define "heliograph.policy.database" -}}
{{- if .Values.database.bundled.enabled -}}
{{- include "heliograph.policy.within" (dict "root" . "key" "to" "components" (list "database") "port" 5432) -}}
{{- else -}}
{{- include "heliograph.policy.rule" (dict "key" "to" "ports" (list .Values.database.external.port) "peers" .Values.database.external.peers) -}}
{{- end -}}
{{- end -}}

{{- define "heliograph.policy.identity" -}}
{{- if .Values.identity.bundled.enabled -}}
{{- include "heliograph.policy.within" (dict "root" . "key" "to" "components" (list "identity") "port" 9000) -}}
{{- else -}}
{{- $address := default .Values.identity.issuer .Values.identity.jwkSetUri -}}
{{- $port := default (ternary "443" "80" (hasPrefix "https:" $address)) (regexFind "[0-9]+$" (regexFind "^https?://[^/]*:[0-9]+" $address)) -}}
{{- include "heliograph.policy.rule" (dict "key" "to" "ports" (list (int $port)) "peers" .Values.networkPolicy.identityPeers) -}}
{{- end -}}
{{- end -}}
