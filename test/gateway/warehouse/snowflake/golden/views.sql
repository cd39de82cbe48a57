CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_daily COPY GRANTS COMMENT = 'AI Studio Monitor view, 876c165c5e72' AS
SELECT
  TO_DATE(started_at) AS day,
  upstream,
  provider,
  COUNT(*) AS calls,
  COUNT_IF(generation) AS generations,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400) AS succeeded,
  SUM(CASE WHEN generation THEN input_tokens END) AS input_tokens,
  SUM(CASE WHEN generation THEN output_tokens END) AS output_tokens,
  SUM(CASE WHEN generation THEN total_tokens END) AS total_tokens,
  SUM(cost_usd) AS cost_usd,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400 AND cost_usd IS NULL) AS unpriced_calls,
  AVG(duration_ms) AS avg_ms,
  APPROX_PERCENTILE(duration_ms, 0.95) AS p95_ms
FROM ANALYTICS."Api usage".api_usage_metrics
GROUP BY 1, 2, 3;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_models COPY GRANTS COMMENT = 'AI Studio Monitor view, 6702fb63db2e' AS
SELECT
  provider,
  model,
  COUNT(*) AS calls,
  COUNT_IF(generation) AS generations,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400) AS succeeded,
  SUM(CASE WHEN generation THEN input_tokens END) AS input_tokens,
  SUM(CASE WHEN generation THEN output_tokens END) AS output_tokens,
  SUM(CASE WHEN generation THEN total_tokens END) AS total_tokens,
  SUM(cost_usd) AS cost_usd,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400 AND cost_usd IS NULL) AS unpriced_calls,
  AVG(duration_ms) AS avg_ms,
  APPROX_PERCENTILE(duration_ms, 0.95) AS p95_ms
FROM ANALYTICS."Api usage".api_usage_metrics
GROUP BY 1, 2;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_endpoints COPY GRANTS COMMENT = 'AI Studio Monitor view, eb27432eeb43' AS
SELECT
  upstream,
  method,
  endpoint,
  COUNT(*) AS calls,
  COUNT_IF(generation) AS generations,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400) AS succeeded,
  SUM(CASE WHEN generation THEN input_tokens END) AS input_tokens,
  SUM(CASE WHEN generation THEN output_tokens END) AS output_tokens,
  SUM(CASE WHEN generation THEN total_tokens END) AS total_tokens,
  SUM(cost_usd) AS cost_usd,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400 AND cost_usd IS NULL) AS unpriced_calls,
  AVG(duration_ms) AS avg_ms,
  APPROX_PERCENTILE(duration_ms, 0.95) AS p95_ms
FROM ANALYTICS."Api usage".api_usage_metrics
GROUP BY 1, 2, 3;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_users COPY GRANTS COMMENT = 'AI Studio Monitor view, b20f5bdf4347' AS
SELECT
  user_id,
  COUNT(*) AS calls,
  COUNT_IF(generation) AS generations,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400) AS succeeded,
  SUM(CASE WHEN generation THEN input_tokens END) AS input_tokens,
  SUM(CASE WHEN generation THEN output_tokens END) AS output_tokens,
  SUM(CASE WHEN generation THEN total_tokens END) AS total_tokens,
  SUM(cost_usd) AS cost_usd,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400 AND cost_usd IS NULL) AS unpriced_calls,
  MIN(started_at) AS first_at,
  MAX(started_at) AS last_at
FROM ANALYTICS."Api usage".api_usage_metrics
GROUP BY 1;

CREATE OR REPLACE VIEW ANALYTICS."Api usage".api_usage_sessions COPY GRANTS COMMENT = 'AI Studio Monitor view, 3d2fbfaa192f' AS
SELECT
  session_id,
  COUNT(*) AS calls,
  COUNT_IF(generation) AS generations,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400) AS succeeded,
  SUM(CASE WHEN generation THEN input_tokens END) AS input_tokens,
  SUM(CASE WHEN generation THEN output_tokens END) AS output_tokens,
  SUM(CASE WHEN generation THEN total_tokens END) AS total_tokens,
  SUM(cost_usd) AS cost_usd,
  COUNT_IF(generation AND outcome = 'ok' AND status_code < 400 AND cost_usd IS NULL) AS unpriced_calls,
  MIN(started_at) AS first_at,
  MAX(started_at) AS last_at
FROM ANALYTICS."Api usage".api_usage_metrics
GROUP BY 1;
