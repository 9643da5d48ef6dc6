{{/* What the platform's own pods have in common. Takes root, component, values (nodeSelector, tolerations; may be empty). */}}
{{- define "heliograph.pod" -}}
serviceAccountName: {{ include "heliograph.fullname" .root }}-{{ .component }}
# No service of the platform talks to the Kubernetes API.
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Security of the platform's own pods: Kubernetes' restricted profile. */}}
{{- define "heliograph.pod.security" -}}
securityContext:
  runAsNonRoot: true
  {{- with .Values.security.runAsUser }}
  runAsUser: {{ . }}
  runAsGroup: {{ . }}
  {{- end }}
  {{- with .Values.security.fsGroup }}
  fsGroup: {{ . }}
  fsGroupChangePolicy: OnRootMismatch
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{/* Security of pods of other people's images, which are built for one user. Takes user and group. */}}
{{- define "heliograph.pod.securityAs" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "heliograph.container.security" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Memory is request and limit at once; CPU has no limit, for a throttled service answers late where a busy one is fair. */}}
{{- define "heliograph.resources" -}}
resources:
  requests:
    cpu: {{ .cpu }}
    memory: {{ .memory }}
  limits:
    memory: {{ .memory }}
{{- end -}}

{{- define "heliograph.topologySpread" -}}
{{- if .root.Values.topologySpread.key }}
topologySpreadConstraints:
  {{- range list .root.Values.topologySpread.key "kubernetes.io/hostname" | uniq }}
  - maxSkew: 1
    topologyKey: {{ . }}
    # A cluster without that label, or with one node, still takes the pods.
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "heliograph.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Probes of a Spring service on its management port, which no device and no browser can keep busy. */}}
{{- define "heliograph.probes" -}}
# Up to two minutes for the first start; a restart with the AOT cache takes seconds.
startupProbe:
  httpGet:
    path: /actuator/health/liveness
    port: management
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /actuator/health/liveness
    port: management
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: /actuator/health/readiness
    port: management
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 3
{{- end -}}

{{/* The sleep lets load balancers forget the pod before it stops taking connections. */}}
{{- define "heliograph.drain" -}}
lifecycle:
  preStop:
    sleep:
      seconds: 5
{{- end -}}

{{/* Environment of a Spring service: only where its configuration document is; the rest is in the document. */}}
{{- define "heliograph.environment" -}}
env:
  - name: SPRING_CONFIG_ADDITIONAL_LOCATION
    value: file:/etc/heliograph/config/service.yaml
{{- end -}}

{{/*
Certificates of connections inside: directories, so that what the kubelet changes is seen. Takes root, kafka and database (bool).
*/}}
{{- define "heliograph.certificates" -}}
{{- $kafka := and .kafka (not .root.Values.kafka.bundled.enabled) -}}
{{- $all := dict -}}
{{- if and $kafka .root.Values.kafka.external.authoritiesSecret -}}
{{- $_ := set $all "kafka-authorities" .root.Values.kafka.external.authoritiesSecret -}}
{{- end -}}
{{- if and $kafka .root.Values.kafka.external.certificateSecret -}}
{{- $_ := set $all "kafka-certificate" .root.Values.kafka.external.certificateSecret -}}
{{- end -}}
{{- if and .database (not .root.Values.database.bundled.enabled) .root.Values.database.external.authoritiesSecret -}}
{{- $_ := set $all "database-authorities" .root.Values.database.external.authoritiesSecret -}}
{{- end -}}
{{- $all | toYaml -}}
{{- end -}}

{{- define "heliograph.certificates.mounts" -}}
{{- range $name, $secret := include "heliograph.certificates" . | fromYaml }}
- name: {{ $name }}
  mountPath: /etc/heliograph/{{ $name }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "heliograph.certificates.volumes" -}}
{{- range $name, $secret := include "heliograph.certificates" . | fromYaml }}
- name: {{ $name }}
  secret:
    secretName: {{ $secret }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{/*
Volumes of a Spring service: its document, its secrets as files, and room for temporary files.
Takes root, name, secrets (rendered list of projected sources, may be empty).
*/}}
{{- define "heliograph.volumes" -}}
- name: config
  configMap:
    name: {{ include "heliograph.fullname" .root }}-{{ .name }}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- with .secrets }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- . | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "heliograph.mounts" -}}
- name: config
  mountPath: /etc/heliograph/config
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .secrets }}
- name: secrets
  mountPath: /etc/heliograph/secrets
  readOnly: true
{{- end }}
{{- end -}}
