CREATE TABLE IF NOT EXISTS api_usage_metrics (
  call_id VARCHAR NOT NULL,
  stream_id VARCHAR NOT NULL,
  seq NUMBER(38,0) NOT NULL,
  started_at TIMESTAMP_NTZ(3) NOT NULL,
  upstream VARCHAR NOT NULL,
  provider VARCHAR NOT NULL,
  surface VARCHAR NOT NULL,
  method VARCHAR NOT NULL,
  endpoint VARCHAR NOT NULL,
  status_code NUMBER(38,0),
  outcome VARCHAR NOT NULL,
  error_code VARCHAR,
  finish_reason VARCHAR,
  duration_ms FLOAT,
  first_byte_ms FLOAT,
  ttft_ms FLOAT,
  overhead_ms FLOAT,
  request_bytes NUMBER(38,0) NOT NULL,
  response_bytes NUMBER(38,0) NOT NULL,
  streamed BOOLEAN NOT NULL,
  model_requested VARCHAR,
  model VARCHAR,
  service_tier VARCHAR,
  input_tokens NUMBER(38,0),
  cached_input_tokens NUMBER(38,0),
  cache_write_tokens NUMBER(38,0),
  tool_input_tokens NUMBER(38,0),
  output_tokens NUMBER(38,0),
  reasoning_tokens NUMBER(38,0),
  modalities VARIANT,
  units VARIANT,
  total_tokens NUMBER(38,0),
  usage_source VARCHAR NOT NULL,
  usage_mismatch BOOLEAN NOT NULL,
  cost_usd NUMBER(18,9),
  cost_source VARCHAR NOT NULL,
  price_version VARCHAR,
  session_id VARCHAR,
  user_id VARCHAR,
  key_id VARCHAR,
  client VARCHAR,
  tags VARIANT NOT NULL,
  idempotency_id VARCHAR,
  attempt NUMBER(38,0),
  started_ms NUMBER(38,0) NOT NULL,
  generation BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS stream_offsets (
  stream_id VARCHAR NOT NULL,
  last_seq NUMBER(38,0) NOT NULL,
  updated_at TIMESTAMP_NTZ(3) NOT NULL
);

CREATE TABLE IF NOT EXISTS parked_rows (
  stream_id VARCHAR NOT NULL,
  seq NUMBER(38,0) NOT NULL,
  reason VARCHAR NOT NULL,
  record VARIANT NOT NULL,
  parked_at TIMESTAMP_NTZ(3) NOT NULL
);

CREATE TABLE IF NOT EXISTS price_changes (
  call_id VARCHAR NOT NULL,
  stream_id VARCHAR NOT NULL,
  seq NUMBER(38,0) NOT NULL,
  old_cost_usd NUMBER(18,9),
  old_cost_source VARCHAR NOT NULL,
  old_price_version VARCHAR,
  new_cost_usd NUMBER(18,9),
  new_cost_source VARCHAR NOT NULL,
  new_price_version VARCHAR,
  changed_at TIMESTAMP_NTZ(3) NOT NULL
);
