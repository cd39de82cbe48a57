CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_daily COPY GRANTS COMMENT = 'AI Studio Monitor view, fb1d9a0c0034' AS
SELECT
  TO_DATE(m.started_at) AS day,
  m.upstream,
  m.provider,
  COUNT(*) AS calls,
  COUNT_IF(m.generation) AS generations,
  COUNT_IF(m.generation AND m.outcome = 'ok' AND m.status_code < 400) AS succeeded,
  SUM(CASE WHEN m.generation THEN m.input_tokens END) AS input_tokens,
  SUM(CASE WHEN m.generation THEN m.output_tokens END) AS output_tokens,
  SUM(CASE WHEN m.generation THEN m.total_tokens END) AS total_tokens,
  SUM(m.cost_usd) AS cost_usd,
  COUNT_IF((m.generation AND m.cost_usd IS NULL AND COALESCE(m.status_code, 0) < 400 AND NOT (m.outcome = 'network_error' AND COALESCE(m.error_code, '') IN ('upstream_refused', 'upstream_dns', 'upstream_tls')))) AS unpriced_calls,
  AVG(m.duration_ms) AS avg_ms,
  APPROX_PERCENTILE(m.duration_ms, 0.95) AS p95_ms
FROM ANALYTICS."Api usage".api_usage_metrics AS m
GROUP BY 1, 2, 3;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_models COPY GRANTS COMMENT = 'AI Studio Monitor view, 86d63fb5151e' AS
SELECT
  m.provider,
  m.model,
  COUNT(*) AS calls,
  COUNT_IF(m.generation) AS generations,
  COUNT_IF(m.generation AND m.outcome = 'ok' AND m.status_code < 400) AS succeeded,
  SUM(CASE WHEN m.generation THEN m.input_tokens END) AS input_tokens,
  SUM(CASE WHEN m.generation THEN m.output_tokens END) AS output_tokens,
  SUM(CASE WHEN m.generation THEN m.total_tokens END) AS total_tokens,
  SUM(m.cost_usd) AS cost_usd,
  COUNT_IF((m.generation AND m.cost_usd IS NULL AND COALESCE(m.status_code, 0) < 400 AND NOT (m.outcome = 'network_error' AND COALESCE(m.error_code, '') IN ('upstream_refused', 'upstream_dns', 'upstream_tls')))) AS unpriced_calls,
  AVG(m.duration_ms) AS avg_ms,
  APPROX_PERCENTILE(m.duration_ms, 0.95) AS p95_ms
FROM ANALYTICS."Api usage".api_usage_metrics AS m
GROUP BY 1, 2;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_endpoints COPY GRANTS COMMENT = 'AI Studio Monitor view, 2fc86489262d' AS
SELECT
  m.upstream,
  m.method,
  m.endpoint,
  COUNT(*) AS calls,
  COUNT_IF(m.generation) AS generations,
  COUNT_IF(m.generation AND m.outcome = 'ok' AND m.status_code < 400) AS succeeded,
  SUM(CASE WHEN m.generation THEN m.input_tokens END) AS input_tokens,
  SUM(CASE WHEN m.generation THEN m.output_tokens END) AS output_tokens,
  SUM(CASE WHEN m.generation THEN m.total_tokens END) AS total_tokens,
  SUM(m.cost_usd) AS cost_usd,
  COUNT_IF((m.generation AND m.cost_usd IS NULL AND COALESCE(m.status_code, 0) < 400 AND NOT (m.outcome = 'network_error' AND COALESCE(m.error_code, '') IN ('upstream_refused', 'upstream_dns', 'upstream_tls')))) AS unpriced_calls,
  AVG(m.duration_ms) AS avg_ms,
  APPROX_PERCENTILE(m.duration_ms, 0.95) AS p95_ms
FROM ANALYTICS."Api usage".api_usage_metrics AS m
GROUP BY 1, 2, 3;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_users COPY GRANTS COMMENT = 'AI Studio Monitor view, f45c55882a6a' AS
SELECT
  m.user_id,
  COUNT(*) AS calls,
  COUNT_IF(m.generation) AS generations,
  COUNT_IF(m.generation AND m.outcome = 'ok' AND m.status_code < 400) AS succeeded,
  SUM(CASE WHEN m.generation THEN m.input_tokens END) AS input_tokens,
  SUM(CASE WHEN m.generation THEN m.output_tokens END) AS output_tokens,
  SUM(CASE WHEN m.generation THEN m.total_tokens END) AS total_tokens,
  SUM(m.cost_usd) AS cost_usd,
  COUNT_IF((m.generation AND m.cost_usd IS NULL AND COALESCE(m.status_code, 0) < 400 AND NOT (m.outcome = 'network_error' AND COALESCE(m.error_code, '') IN ('upstream_refused', 'upstream_dns', 'upstream_tls')))) AS unpriced_calls,
  MIN(m.started_at) AS first_at,
  MAX(m.started_at) AS last_at
FROM ANALYTICS."Api usage".api_usage_metrics AS m
GROUP BY 1;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_sessions COPY GRANTS COMMENT = 'AI Studio Monitor view, 9561b007ce42' AS
SELECT
  m.session_id,
  COUNT(*) AS calls,
  COUNT_IF(m.generation) AS generations,
  COUNT_IF(m.generation AND m.outcome = 'ok' AND m.status_code < 400) AS succeeded,
  SUM(CASE WHEN m.generation THEN m.input_tokens END) AS input_tokens,
  SUM(CASE WHEN m.generation THEN m.output_tokens END) AS output_tokens,
  SUM(CASE WHEN m.generation THEN m.total_tokens END) AS total_tokens,
  SUM(m.cost_usd) AS cost_usd,
  COUNT_IF((m.generation AND m.cost_usd IS NULL AND COALESCE(m.status_code, 0) < 400 AND NOT (m.outcome = 'network_error' AND COALESCE(m.error_code, '') IN ('upstream_refused', 'upstream_dns', 'upstream_tls')))) AS unpriced_calls,
  MIN(m.started_at) AS first_at,
  MAX(m.started_at) AS last_at
FROM ANALYTICS."Api usage".api_usage_metrics AS m
GROUP BY 1;
