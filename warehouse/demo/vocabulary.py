"""Words of the made-up company.

Words that are taken for each other stand in pairs, at ordinals 2k and 2k+1: a typing
error turns a word into its neighbour.
"""

from typing import NamedTuple


def _words(text: str, separator: str | None = None) -> list[str]:
    return text.split(separator)


FAMILY_CHINESE = (
    "王汪李黎张章刘留陈程杨阳赵兆黄皇周邹吴伍徐许孙荪胡湖朱诸高郜林临何贺郭国马麻"
    "罗洛梁良宋送郑正谢解韩寒唐汤冯封于余董懂萧肖曹漕袁原邓登傅付沈申曾增彭朋吕鲁"
)
GIVEN_CHINESE_MALE = (
    "伟玮强蔷磊垒军君洋扬勇永杰洁涛滔明铭超朝刚钢平萍辉晖鹏朋华桦飞非鑫新波博斌彬"
    "宇雨浩皓凯恺健建俊峻帆凡帅率旭序"
)
GIVEN_CHINESE_FEMALE = (
    "芳方娜那敏闽静靖丽莉艳燕娟鹃霞夏婷亭雪学玲铃倩茜颖影琳霖洁杰梅玫莹盈雯文欣心"
    "佳嘉慧惠琴芹兰岚瑶遥璐露蕾磊妍研"
)
TRADITIONAL = str.maketrans(
    "张刘陈杨赵黄吴孙马罗郑谢韩冯萧邓吕鲁诸许贺阳汤国伟玮强军杰涛刚鹏华飞凯恺健帅"
    "丽艳娟玲铃颖兰岚莹霞学号楼单元区东广庆苏陕辽宁沈汉门园县",
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧呂魯諸許賀陽湯國偉瑋強軍傑濤剛鵬華飛凱愷健帥"
    "麗豔娟玲鈴穎蘭嵐瑩霞學號樓單元區東廣慶蘇陝遼寧瀋漢門園縣",
)
FAMILY_LATIN = _words(
    "Smith Smyth Johnson Johnston Brown Browne Clark Clarke Davis Davies Wilson "
    "Willson Thompson Thomson Stewart Stuart Moore More Reid Reed Philips Phillips "
    "Allan Allen Schmidt Schmitt Meyer Meier Fischer Fisher Hoffmann Hofmann Weber "
    "Webber Martin Martyn Bernard Barnard Petit Pettit Moreau Morau Tan Tann Lim Limm "
    "Null Nulle"
)
GIVEN_LATIN_MALE = _words(
    "John Jon Steven Stephen Geoffrey Jeffrey Marc Mark Philip Phillip Eric Erik Carl "
    "Karl Alan Allan Brian Bryan Nicolas Nicholas Lukas Lucas Sean Shaun Thomas Tomas "
    "Michael Micheal Frederic Frederick Anton Antony"
)
GIVEN_LATIN_FEMALE = _words(
    "Catherine Katherine Ann Anne Sara Sarah Elizabeth Elisabeth Sofia Sophia Claire "
    "Clare Christine Kristine Hannah Hanna Julia Julie Louise Louisa Isabel Isobel "
    "Teresa Theresa Emily Emilie Marie Maria Helen Helene"
)
STREETS_CHINESE = _words(
    "人民路 人名路 中山路 钟山路 解放路 解方路 建设街 建社街 和平路 和坪路 新华街 "
    "新花街 长江路 常江路 黄河路 皇河路 文化路 文华路 青年路 清年路 胜利街 胜力街 "
    "朝阳路 朝杨路 迎宾大道 迎滨大道 学府路 学付路"
)
STREETS_LATIN = _words(
    "Station Road|Staton Road|High Street|Hihg Street|Church Lane|Curch Lane|"
    "Victoria Avenue|Victora Avenue|Mill Road|Mil Road|Park Street|Prak Street|"
    "Garden Way|Gardn Way|Bridge Street|Brige Street|Market Place|Maket Place|"
    "River Drive|Rivre Drive",
    separator="|",
)
TRADES_CHINESE = _words(
    "食品 纺织 机械 电子 化工 百货 餐饮 教育 医药 物流 金融 市政 综合"
)
TRADES_LATIN = _words(
    "Foods Textiles Machinery Electronics Chemicals Stores Catering Learning Medical "
    "Logistics Finance Municipal Holdings"
)
INDUSTRIES = _words(
    "food textile machinery electronics chemicals retail catering education health "
    "logistics finance public other"
)
BRANDS_CHINESE = _words("华晨 瑞丰 宏达 金桥 天成 东方 永兴 万通 中联 百川 恒泰 新远")
BRANDS_LATIN = _words(
    "Alder Beacon Cobalt Delta Ember Falcon Granite Harbor Iris Juniper Keystone Lark"
)
DEPARTMENTS = {
    "Grocery": ("Tea", "Snacks", "Noodles", "Oil"),
    "Home": ("Kitchen", "Bedding", "Light", "Cleaning"),
    "Fashion": ("Shoes", "Coats", "Shirts", "Bags"),
    "Electronics": ("Phones", "Audio", "Cameras", "Cables"),
    "Office": ("Paper", "Pens", "Desks", "Toner"),
}


class City(NamedTuple):
    """A city where customers live, and how its post and telephones are numbered."""

    weight: float
    country_code: str
    region: str
    name: str
    latin_name: str
    area_id: str
    """First six digits of a resident id or organisation code."""
    dialling: str
    """Area code of a fixed line, without trunk prefix."""
    postcode_prefix: str
    postcode_digits: int
    postcode_count: int
    postcode_suffix: str = ""


CITIES = (
    City(14, "CN", "北京市", "北京", "Beijing", "110105", "10", "1000", 2, 80),
    City(14, "CN", "上海市", "上海", "Shanghai", "310104", "21", "2000", 2, 80),
    City(9, "CN", "广东省", "广州", "Guangzhou", "440106", "20", "5100", 2, 90),
    City(8, "CN", "广东省", "深圳", "Shenzhen", "440305", "755", "5180", 2, 60),
    City(7, "CN", "浙江省", "杭州", "Hangzhou", "330106", "571", "3100", 2, 60),
    City(6, "CN", "四川省", "成都", "Chengdu", "510104", "28", "6100", 2, 90),
    City(5, "CN", "湖北省", "武汉", "Wuhan", "420106", "27", "4300", 2, 80),
    City(5, "CN", "江苏省", "南京", "Nanjing", "320106", "25", "2100", 2, 60),
    City(4, "CN", "陕西省", "西安", "Xi'an", "610103", "29", "7100", 2, 80),
    City(4, "CN", "重庆市", "重庆", "Chongqing", "500103", "23", "4000", 2, 60),
    City(3, "CN", "辽宁省", "沈阳", "Shenyang", "210102", "24", "1100", 2, 60),
    City(3, "CN", "天津市", "天津", "Tianjin", "120101", "22", "3000", 2, 60),
    City(3, "HK", "", "香港", "Hong Kong", "", "", "", 0, 1),
    City(3, "US", "NY", "New York", "New York", "", "212", "100", 2, 40),
    City(2, "US", "CA", "Los Angeles", "Los Angeles", "", "213", "900", 2, 80),
    City(3, "GB", "England", "London", "London", "", "20", "N", 1, 9, " 1AA"),
    City(2, "DE", "Berlin", "Berlin", "Berlin", "", "30", "101", 2, 80),
    City(2, "FR", "Paris", "Paris", "Paris", "", "1", "7500", 1, 9),
    City(3, "SG", "", "Singapore", "Singapore", "", "", "0189", 2, 80),
)
