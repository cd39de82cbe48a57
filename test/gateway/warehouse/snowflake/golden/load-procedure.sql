CREATE OR REPLACE PROCEDURE ANALYTICS."Api usage".load_api_usage(
  STREAM_ID VARCHAR,
  FROM_SEQ NUMBER(38,0),
  TO_SEQ NUMBER(38,0),
  ROWS_JSON VARCHAR,
  PARKED_JSON VARCHAR
)
COPY GRANTS
RETURNS VARCHAR
LANGUAGE SQL
COMMENT = 'AI Studio Monitor load procedure, version 2.46, f8befe34b1ee'
EXECUTE AS CALLER
AS
$$
DECLARE
  moved INTEGER DEFAULT 0;
  cursor_now INTEGER DEFAULT 0;
BEGIN
  IF (to_seq <= from_seq) THEN
    RETURN 'refused: TO_SEQ must be greater than FROM_SEQ';
  END IF;
  BEGIN TRANSACTION;
  UPDATE ANALYTICS."Api usage".stream_offsets
  SET last_seq = :to_seq, updated_at = SYSDATE()
  WHERE stream_id = :stream_id
    AND last_seq = :from_seq
    AND NOT EXISTS (SELECT 1 FROM ANALYTICS."Api usage".stream_offsets AS o WHERE o.stream_id = :stream_id AND o.last_seq > :from_seq);
  moved := SQLROWCOUNT;
  IF (moved > 0) THEN
    INSERT INTO ANALYTICS."Api usage".api_usage_metrics (call_id, stream_id, seq, started_at, upstream, provider, surface, method, endpoint, status_code, outcome, error_code, finish_reason, duration_ms, first_byte_ms, ttft_ms, overhead_ms, request_bytes, response_bytes, streamed, model_requested, model, service_tier, input_tokens, cached_input_tokens, cache_write_tokens, tool_input_tokens, output_tokens, reasoning_tokens, modalities, units, total_tokens, usage_source, usage_mismatch, cost_usd, cost_source, price_version, session_id, user_id, key_id, client, tags, idempotency_id, attempt, started_ms, generation)
    SELECT
      f.value:call_id::VARCHAR,
      :stream_id,
      f.value:seq::NUMBER(38,0),
      TO_TIMESTAMP_NTZ(f.value:started_ms::NUMBER(38,0), 3),
      f.value:upstream::VARCHAR,
      f.value:provider::VARCHAR,
      f.value:surface::VARCHAR,
      f.value:method::VARCHAR,
      f.value:endpoint::VARCHAR,
      f.value:status_code::NUMBER(38,0),
      f.value:outcome::VARCHAR,
      f.value:error_code::VARCHAR,
      f.value:finish_reason::VARCHAR,
      f.value:duration_ms::FLOAT,
      f.value:first_byte_ms::FLOAT,
      f.value:ttft_ms::FLOAT,
      f.value:overhead_ms::FLOAT,
      f.value:request_bytes::NUMBER(38,0),
      f.value:response_bytes::NUMBER(38,0),
      f.value:streamed::BOOLEAN,
      f.value:model_requested::VARCHAR,
      f.value:model::VARCHAR,
      f.value:service_tier::VARCHAR,
      f.value:input_tokens::NUMBER(38,0),
      f.value:cached_input_tokens::NUMBER(38,0),
      f.value:cache_write_tokens::NUMBER(38,0),
      f.value:tool_input_tokens::NUMBER(38,0),
      f.value:output_tokens::NUMBER(38,0),
      f.value:reasoning_tokens::NUMBER(38,0),
      f.value:modalities,
      f.value:units,
      f.value:total_tokens::NUMBER(38,0),
      f.value:usage_source::VARCHAR,
      f.value:usage_mismatch::BOOLEAN,
      f.value:cost_usd::NUMBER(18,9),
      f.value:cost_source::VARCHAR,
      f.value:price_version::VARCHAR,
      f.value:session_id::VARCHAR,
      f.value:user_id::VARCHAR,
      f.value:key_id::VARCHAR,
      f.value:client::VARCHAR,
      f.value:tags,
      f.value:idempotency_id::VARCHAR,
      f.value:attempt::NUMBER(38,0),
      f.value:started_ms::NUMBER(38,0),
      f.value:generation::BOOLEAN
    FROM (SELECT j.value AS value FROM TABLE(FLATTEN(INPUT => PARSE_JSON(:rows_json))) AS j) AS f
    LEFT JOIN (SELECT seq FROM ANALYTICS."Api usage".api_usage_metrics WHERE stream_id = :stream_id AND seq > :from_seq AND seq <= :to_seq) AS known
      ON known.seq = f.value:seq::NUMBER(38,0)
    WHERE known.seq IS NULL;
    INSERT INTO ANALYTICS."Api usage".parked_rows (stream_id, seq, reason, record, parked_at)
    SELECT :stream_id, f.value:seq::NUMBER(38,0), f.value:reason::VARCHAR, f.value:record, SYSDATE()
    FROM (SELECT j.value AS value FROM TABLE(FLATTEN(INPUT => PARSE_JSON(:parked_json))) AS j) AS f
    LEFT JOIN (SELECT seq FROM ANALYTICS."Api usage".parked_rows WHERE stream_id = :stream_id AND seq > :from_seq AND seq <= :to_seq) AS known
      ON known.seq = f.value:seq::NUMBER(38,0)
    WHERE known.seq IS NULL;
    COMMIT;
    RETURN 'stored';
  END IF;
  ROLLBACK;
  SELECT COALESCE(MAX(last_seq), 0) INTO :cursor_now FROM ANALYTICS."Api usage".stream_offsets WHERE stream_id = :stream_id;
  RETURN 'moved:' || cursor_now;
EXCEPTION
  WHEN OTHER THEN
    ROLLBACK;
    RAISE;
END;
$$;
