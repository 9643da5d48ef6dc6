{{/* Prefix of every object's name; 40 characters leave room for the component within the 63 of a label. */}}
{{- define "heliograph.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What selects a component's pods. Never changed: selectors are immutable. Takes (dict "root" $ "component" "..."). */}}
{{- define "heliograph.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{/* Labels of an object: the selector's, the versions and the installation's own. */}}
{{- define "heliograph.labels" -}}
{{ include "heliograph.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: heliograph
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of a pod: without the chart's version, so that a release which changes nothing of a pod does not restart it. */}}
{{- define "heliograph.podLabels" -}}
{{ include "heliograph.selector" . }}
app.kubernetes.io/part-of: heliograph
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Hash of what a ConfigMap holds. Takes root, template (path below templates/). */}}
{{- define "heliograph.checksum" -}}
{{- (include (print .root.Template.BasePath .template) .root | fromYaml).data | toJson | sha256sum -}}
{{- end -}}

{{/* An image of the platform: by digest where one is given. Takes root, name, digest. */}}
{{- define "heliograph.image" -}}
{{- $repository := printf "%s/%s" .root.Values.image.registry .name -}}
{{- if .digest -}}
{{- printf "%s@%s" $repository .digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .root.Chart.AppVersion .root.Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* An image of somebody else: tag, and digest where one is given. */}}
{{- define "heliograph.foreignImage" -}}
{{- if .digest -}}{{ printf "%s@%s" .image .digest }}{{- else -}}{{ .image }}{{- end -}}
{{- end -}}

{{- define "heliograph.kafka.servers" -}}
{{- if .Values.kafka.bundled.enabled -}}
{{- printf "%s-kafka:9092" (include "heliograph.fullname" .) -}}
{{- else -}}
{{- .Values.kafka.external.bootstrapServers -}}
{{- end -}}
{{- end -}}

{{- define "heliograph.database.url" -}}
{{- if .Values.database.bundled.enabled -}}
{{- printf "jdbc:postgresql://%s-database:5432/heliograph" (include "heliograph.fullname" .) -}}
{{- else -}}
{{- $url := .Values.database.external.url -}}
{{- $more := "" -}}
{{- if .Values.database.external.authoritiesSecret -}}
{{- $more = "sslrootcert=/etc/heliograph/database-authorities/ca.crt" -}}
{{- else if and (regexMatch "[?&]sslmode=verify-(ca|full)" $url) (not (regexMatch "[?&](sslrootcert|sslfactory)=" $url)) -}}
{{- /* By itself the driver looks for authorities in the home directory, which the images do not have. */ -}}
{{- $more = "sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" -}}
{{- end -}}
{{- if $more -}}
{{- printf "%s%s%s" $url (ternary "&" "?" (contains "?" $url)) $more -}}
{{- else -}}
{{- $url -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The secret with the services' database role. */}}
{{- define "heliograph.database.secret" -}}
{{- if .Values.database.bundled.enabled -}}
{{- default (printf "%s-database" (include "heliograph.fullname" .)) .Values.database.bundled.existingSecret -}}
{{- else -}}
{{- .Values.database.external.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The secret that the API presents to a gateway to replay messages. */}}
{{- define "heliograph.gateway.replaySecret" -}}
{{- default (printf "%s-replay" (include "heliograph.fullname" .)) .Values.gateway.replaySecret -}}
{{- end -}}

{{/* The secret with the key that signs cursors. */}}
{{- define "heliograph.query.cursorSecret" -}}
{{- default (printf "%s-query" (include "heliograph.fullname" .)) .Values.query.cursorSecret -}}
{{- end -}}

{{/* The secret with the password of the API's own database role. */}}
{{- define "heliograph.query.databaseSecret" -}}
{{- default (printf "%s-query-database" (include "heliograph.fullname" .)) .Values.query.databaseRole.existingSecret -}}
{{- end -}}

{{/* A value of a secret, encoded: the one in the cluster where there is one, else the given. Takes kept, key, fresh. */}}
{{- define "heliograph.kept" -}}
{{- dig .key (b64enc .fresh) (default dict .kept) -}}
{{- end -}}

{{- define "heliograph.identity.issuer" -}}
{{- if .Values.identity.bundled.enabled -}}
{{- printf "%s/auth" .Values.publicUrl -}}
{{- else -}}
{{- .Values.identity.issuer -}}
{{- end -}}
{{- end -}}

{{/* Scheme, host and port of an address: what a content security policy names. */}}
{{- define "heliograph.origin" -}}
{{- regexFind "^https?://[^/]+" . -}}
{{- end -}}
