# Builds every image: docker buildx bake -f deploy/images/docker-bake.hcl   (from the root of the repository)

variable "REGISTRY" {
  default = "localhost/heliograph"
}

variable "TAG" {
  default = "0.1.0"
}

group "default" {
  targets = ["services", "dashboard-web"]
}

target "services" {
  name       = image
  matrix     = {
    image = ["ingest-gateway", "stream-processor", "query-api", "storage-migration", "identity-provider", "device-simulator"]
  }
  context    = "."
  dockerfile = "deploy/images/services.Dockerfile"
  target     = image
  tags       = ["${REGISTRY}/${image}:${TAG}"]
}

target "dashboard-web" {
  context    = "."
  dockerfile = "deploy/images/dashboard-web.Dockerfile"
  target     = "dashboard-web"
  tags       = ["${REGISTRY}/dashboard-web:${TAG}"]
}
