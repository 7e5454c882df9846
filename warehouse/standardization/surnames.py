"""Chinese surnames: how they are read, and which are common."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


SURNAME_READINGS = _pairs(
    "单:shan 曾:zeng 解:xie 仇:qiu 任:ren 华:hua 区:ou 朴:piao 查:zha 盖:ge "
    "乐:yue 缪:miao 种:chong 重:chong 翟:zhai 覃:qin 员:yun 贠:yun 冼:xian "
    "洗:xian 召:shao 折:she 秘:bi 繁:po 句:gou 燕:yan 应:ying 纪:ji 葛:ge "
    "柏:bai 过:guo 阚:kan 祭:zhai 那:na 佴:nai 曲:qu 瞿:qu 能:nai 盛:sheng "
    "撒:sa 幺:yao 么:yao 卜:bu 仉:zhang 乜:nie 逯:lu 眭:sui 薄:bo 藏:zang "
    "尉:wei 俞:yu 万:wan 尹:yin 宁:ning 沈:shen 哈:ha 叶:ye 晁:chao 黑:he "
    "牟:mou 隗:wei 郇:xun 谌:chen 訾:zi 石:shi 牛:niu 长:chang 适:kuo 盍:he"
)
"""Surnames of one character that a dictionary reads otherwise first, or might."""

COMPOUND_SURNAMES = _pairs(
    "欧阳:ouyang 司马:sima 上官:shangguan 诸葛:zhuge 司徒:situ 东方:dongfang "
    "夏侯:xiahou 皇甫:huangfu 尉迟:yuchi 公孙:gongsun 慕容:murong 令狐:linghu "
    "宇文:yuwen 长孙:zhangsun 轩辕:xuanyuan 司空:sikong 端木:duanmu 独孤:dugu "
    "南宫:nangong 万俟:moqi 闻人:wenren 赫连:helian 澹台:tantai 公冶:gongye "
    "宗政:zongzheng 濮阳:puyang 淳于:chunyu 单于:chanyu 太叔:taishu 申屠:shentu "
    "公羊:gongyang 钟离:zhongli 鲜于:xianyu 闾丘:luqiu 司寇:sikou 子车:ziju "
    "西门:ximen 百里:baili 呼延:huyan 东郭:dongguo 拓跋:tuoba 纳兰:nalan"
)
"""Surnames of two characters, with their reading."""

COMMON_SURNAMES = _words(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin "
    "luo zheng liang xie song tang han feng deng cao peng zeng xiao tian dong yuan "
    "pan yu jiang cai du ye cheng su wei lu ding ren shen yao cui zhong tan fan jin "
    "shi liao jia xia fu fang bai zou meng xiong qin qiu yin xue yan duan lei hou "
    "long tao gu mao hao gong shao wan qian dai mo kong xiang"
)
"""Readings of the hundred commonest surnames, the commonest first."""
