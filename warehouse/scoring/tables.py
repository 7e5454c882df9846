"""The tables that Python computes: the contract between its results and the models.

A table that nothing fills yet is made empty, so that what is built on it stands. Every
number is a decimal: the same counts give the same digits, on whatever machine.
"""

SCHEMA = "scores"

VALUE = "decimal(18, 6)"
PROBABILITY = "decimal(9, 8)"

TABLES: dict[str, dict[str, str]] = {
    "experiment_result": {
        "source_name": "varchar",
        "experiment_code": "varchar",
        "variant_code": "varchar",
        "control_variant_code": "varchar",
        "metric_code": "varchar",
        "customer_count": "bigint",
        "control_customer_count": "bigint",
        "variant_value": VALUE,
        "control_value": VALUE,
        "difference": VALUE,
        "difference_lower": VALUE,
        "difference_upper": VALUE,
        "p_value": PROBABILITY,
        "adjusted_p_value": PROBABILITY,
        "sample_ratio_p_value": PROBABILITY,
    },
    "model": {
        "model_name": "varchar",
        "model_version": "varchar",
        "score_name": "varchar",
        "algorithm": "varchar",
        "trained_from": "date",
        "trained_to": "date",
        "trained_row_count": "bigint",
        "backtest_from": "date",
        "backtest_to": "date",
        "backtest_measure": "varchar",
        "backtest_value": VALUE,
        "baseline_name": "varchar",
        "baseline_value": VALUE,
        "grade": "varchar",
    },
    "customer_score": {
        "customer_id": "varchar",
        "score_name": "varchar",
        "as_of_date": "date",
        "score_value": VALUE,
        "lower_value": VALUE,
        "upper_value": VALUE,
        "band": "varchar",
        "model_name": "varchar",
        "model_version": "varchar",
    },
    "forecast": {
        "measure_name": "varchar",
        "time_level": "varchar",
        "period_start": "date",
        "place_level": "varchar",
        "place_code": "varchar",
        "product_category": "varchar",
        "as_of_date": "date",
        "forecast_value": VALUE,
        "lower_value": VALUE,
        "upper_value": VALUE,
        "model_name": "varchar",
        "model_version": "varchar",
    },
    "attribution": {
        "sale_key": "varchar",
        "campaign_touch_key": "varchar",
        "attribution_method": "varchar",
        "touch_position": "integer",
        "touch_count": "integer",
        "credit_share": PROBABILITY,
        "model_name": "varchar",
        "model_version": "varchar",
    },
}
"""Per table of the schema, its columns and their types."""
