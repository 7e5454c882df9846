"""The files about what happened on a day: sales and surveys."""

from warehouse.demo import trade
from warehouse.demo.deliveries import Manner
from warehouse.demo.making import LATE_EVERY, Making
from warehouse.demo.opinions import survey_answers

ABROAD_PCT = 20


def write_event_files(making: Making, day: int) -> None:
    """Write what the sources deliver about the events of a day."""
    _sales(making, day)
    _orders(making, day)
    _answers(making, day)


def _sales(making: Making, day: int) -> None:
    desk = making.desk
    of_till = making.sale_lines * (100 - trade.WEB_PCT) // 100
    total = trade.lines_of_day(of_till, making.days, day)
    abroad = total * ABROAD_PCT // 100
    for group, count in (("china", total - abroad), ("abroad", abroad)):
        is_late = group == "abroad" and day % LATE_EVERY == 1
        is_late &= day + 2 < making.days
        path = desk.csv(
            "till.sales",
            (
                trade.till_sales(making, count=size, on_day=day, group=group, part=part)
                for part, size in trade.chunks(count)
            ),
            name=f"sales_{group}_{desk.date_of(day)}.csv",
            on_day=day,
            folder_day=day + 2 if is_late else day,
            manner=Manner(key="receipt_number", footer_of="net_amount"),
        )
        if group == "china" and day % LATE_EVERY == 2 and day + 1 < making.days:
            name = f"sales_china_{desk.date_of(day)}_resent.csv"
            desk.repeat(path, day=day + 1, name=name)


def _orders(making: Making, day: int) -> None:
    desk = making.desk
    of_web = making.sale_lines - making.sale_lines * (100 - trade.WEB_PCT) // 100
    count = trade.lines_of_day(of_web, making.days, day)
    date = desk.date_of(day)
    orders = [
        trade.web_orders(making, count=size, on_day=day, part=part)
        for part, size in trade.chunks(count)
    ]
    desk.parquet("web.orders", orders, name=f"orders_{date}.parquet", day=day)


def _answers(making: Making, day: int) -> None:
    desk = making.desk
    date = desk.date_of(day)
    desk.csv(
        "survey.answers",
        survey_answers(making, day),
        name=f"answers_{date}.csv",
        on_day=day,
        manner=Manner(key="answer_id", delimiter="\t"),
    )
