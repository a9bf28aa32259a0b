"""What the generated pages say around their tables, in both languages."""

from __future__ import annotations

Bilingual = dict[str, str]

HEADS: dict[str, Bilingual] = {
    "settings": {
        "en": """# Settings

{link}

Settings are environment variables; there is no settings file to edit. `./mainstay doctor --settings` lists them with
their values and sources. A `MAINSTAY_*` name that is not in this table is refused at start, because a misspelt setting
must not be silent. Business parameters (tariffs, limits, due dates) are dated data, kept in the application.
""",
        "zh-hans": """# 设置

{link}

设置一律用环境变量，没有需要编辑的配置文件。`./mainstay doctor --settings` 列出各项的值与来源。表中没有的 `MAINSTAY_*`
名称在启动时拒绝，拼写有误不会被悄悄忽略。气价、额度、期限等业务参数是带日期的数据，在系统内维护，不属于设置。
""",
    },
    "bank-layouts": {
        "en": """# Bank layouts

{link}

What a bank and the front-end processor say to each other, field by field. A layout is a file of data; a site may
add its own ([connect a bank](../howto/connect-a-bank.md)). Every payment and reversal carries its business date and a
serial of at most 12 letters and digits. Amounts are fen except where a field says yuan. Chinese is GBK where the layout
says so, and lengths count bytes.

The worked messages below are made by the adapters, in a frame with a 2-byte length, authenticated by SM4-CMAC with the
key `000102030405060708090a0b0c0d0e0f`: the first eight bytes over everything before them, in field 64 (or 128) of
ISO 8583, as 16 hexadecimal digits behind the other layouts. A TPDU, where agreed, stands between length and message;
its addresses change places in the answer.
""",
        "zh-hans": """# 银行报文格式

{link}

银行与前置机之间的报文逐字段说明。报文格式是数据文件，站点可以自行添加（见
[接入银行](../howto/connect-a-bank.zh-CN.md)）。每笔缴费和冲正都带业务日期和不超过 12 位字母数字的流水号。
金额以分计，标明元的字段除外。标明 GBK 的格式中汉字用 GBK，长度按字节计。

以下报文由适配器生成：2 字节长度头，SM4-CMAC 鉴别，密钥 `000102030405060708090a0b0c0d0e0f`。
鉴别码取前八字节，覆盖其之前的全部内容；ISO 8583 放在第 64 域（或 128 域），其他格式以 16 位十六进制附在报文之后。
约定 TPDU 时，它位于长度与报文之间，应答中源地址与目的地址互换。
""",
    },
    "actions": {
        "en": """# Catalogue of actions

{link}

Everything that changes data is an action, and every page that shows data is guarded by a right to view. A role is a set
of these with a scope and, where the column “Amount” has a mark, a limit in yuan. See
[users and roles](../howto/users-and-roles.md) for how they are granted, [roles](roles.md) for the standard roles.

*Where* tells whether the right is looked at per unit or for the whole company. *Second person* tells when somebody else
must approve: above the limit of the person who acts, always, or only where an administrator is concerned.
""",
        "zh-hans": """# 操作目录

{link}

凡更改数据者皆为“操作”，凡查看数据的页面都由查看权限把守。角色就是一组操作与权限，带有范围；“金额”一栏有标记的还可设额度（元）。
授权方法见[用户与角色](../howto/users-and-roles.zh-CN.md)，标准角色见[角色](roles.zh-CN.md)。

“范围”一栏说明该权限按机构还是按全公司判断。“第二人”一栏说明何时须他人批准：超过操作人额度时、一律、或仅涉及三员时。
""",
    },
    "api-addresses": {
        "en": """# Addresses of the API

{link}

Every address below `/api/v1` with the parameters it takes in its query. What all of them have in common is told in
[the API](api.md); fields, types and answers of each stand in `/api/v1/openapi.json` and on the page
**System → API reference** of every site. Each needs the right that the same look or act needs on a page.
""",
        "zh-hans": """# 接口地址

{link}

`/api/v1` 下的全部地址及其查询参数。共同约定见[接口](api.zh-CN.md)；各地址的字段、类型与返回内容见
`/api/v1/openapi.json`，或任一站点的“系统 → 接口说明”页面。所需权限与在页面上查看或办理同一事项相同。
""",
    },
    "roles": {
        "en": """# Roles

{link}

The three administrators are part of the product: their rights cannot be changed, one person cannot hold two of them,
and none of them may hold a business role. The other roles are a starting point, described
in a file of each part (`src/mainstay/gas/roles.yaml`, `src/mainstay/performance/roles.yaml`): the demonstration uses
them as they are here; the security administrator of a site creates those it needs, and its own, on the page of roles.
""",
        "zh-hans": """# 角色

{link}

三员（系统、安全、审计管理员）由产品固定：权限不可更改，一人不得兼任两员，三员不得再持业务角色。其余角色是起点，写在各子系统的文件里
（`src/mainstay/gas/roles.yaml`、`src/mainstay/performance/roles.yaml`）：演示公司直接使用下列角色；正式站点由安全管理员在角色页面按需建立，也可自定。
""",
    },
    "ledger-accounts": {
        "en": """# Ledger accounts

{link}

The chart of the sub-ledger. Codes follow the first-level accounts of 《企业会计准则——应用指南》, so that a
voucher can be taken over by the finance system as it is.
""",
        "zh-hans": """# 会计科目

{link}

明细账使用的科目。编码沿用《企业会计准则——应用指南》的一级科目，凭证可直接转入财务系统。
""",
    },
    "postings": {
        "en": """## What each document posts

A posting debits one account and credits another with one positive amount, so every posting balances by its form. A
negative amount (a reversing bill, a reversed payment) is the same pair the other way round.

| Document | Debit | Credit | Amount |
|---|---|---|---|
| Bill | 1122 | 6001 | amount without VAT |
| Bill | 1122 | 2221 | VAT |
| Payment, part that paid bills | 1001, 1002 or 1012 | 1122 | what was put on bills |
| Payment, the rest | 1001, 1002 or 1012 | 2203 | what became an advance |
| Settlement from advance | 2203 | 1122 | advance used for a bill |
| Refund of an advance | 2203 | 1001, 1002 or 1012 | what was paid out |
| Shift with too much cash | 1001 | 1901 | difference |
| Shift with too little cash | 1901 | 1001 | difference |

Cash is 1001, a transfer 1002, bank card and QR code 1012. Accounts 2241, 6051, 6301 and 6702 are in the chart and not
used by this release. Why postings are pairs: [the ledger](../explanation/ledger.md).
""",
        "zh-hans": """## 各类单据如何入账

一笔分录借记一个科目、贷记另一个科目，金额恒为正，因此每笔分录自身即平衡。负数金额（冲销账单、冲正收款）就是同一对科目借贷对调。

| 单据 | 借方 | 贷方 | 金额 |
|---|---|---|---|
| 账单 | 1122 | 6001 | 不含税金额 |
| 账单 | 1122 | 2221 | 增值税 |
| 收款，用于账单的部分 | 1001、1002 或 1012 | 1122 | 核销账单的金额 |
| 收款，余下部分 | 1001、1002 或 1012 | 2203 | 转入预存的金额 |
| 预存抵扣 | 2203 | 1122 | 用于账单的预存 |
| 预存退款 | 2203 | 1001、1002 或 1012 | 退出的金额 |
| 班次长款 | 1001 | 1901 | 差额 |
| 班次短款 | 1901 | 1001 | 差额 |

现金用 1001，转账用 1002，银行卡与二维码用 1012。2241、6051、6301、6702 已列入科目表，本版本尚不使用。
为何采用成对分录，见[账务说明](../explanation/ledger.zh-CN.md)。
""",
    },
    "reading-checks": {
        "en": """# Checks of readings

{link}

A reading that comes in is compared with the meter's own history. A *doubt* that explains itself is only noted; one that
does not sends the reading to **Questioned readings**, where a person decides. The other readings of the book go on.

“Usual” is the account's mean of the last two years or its use in the same days of last year, whichever is more; a jump
is more than three times that and more than 20 m³. Fewer than 20 days of history say nothing.
""",
        "zh-hans": """# 读数检查

{link}

读数进入系统时与该表自身的历史比较。能自行解释的疑问只作注明；不能解释的转入**疑问读数**，由人判定，同册其余读数照常进行。

“平时”取近两年日均与去年同期两者中较大者；突增指超过平时三倍且多于 20 m³。不足 20 天的历史不作判断依据。
""",
    },
    "refusals": {
        "en": "## What is no reading at all\n\nThese are refused, with the sentence shown at the row or field:\n",
        "zh-hans": "## 不能作为读数的\n\n下列情形直接拒绝，并在该行或该栏显示：\n",
    },
    "states": {
        "en": "# States\n\n{link}\n\nWhat things go through, and the action that leads from state to state.\n",
        "zh-hans": "# 状态\n\n{link}\n\n各类对象经历的状态，以及从一个状态到下一个状态的操作。\n",
    },
    "other-states": {
        "en": "## Others\n\nThese go through their states in order; their pages show a steps bar or a badge.\n",
        "zh-hans": "## 其他\n\n下列对象依次经历各状态，页面上以步骤条或标签显示。\n",
    },
}
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "bank-layouts": {
        "en": ("Answers", "Code", "Meaning", "Place", "Field", "Width", "request", "reply", "File of a day"),
        "zh-hans": ("应答码", "代码", "含义", "位置", "字段", "宽度", "请求", "应答", "当日文件"),
    },
    "api": {"en": ("Address", "Does", "Query"), "zh-hans": ("地址", "作用", "查询参数")},
    "settings": {"en": ("Name", "Default", "Purpose"), "zh-hans": ("名称", "缺省值", "用途")},
    "roles": {
        "en": ("Right", "Name", "Reach", "whole company", "unit and below", "Limit (yuan)", "own"),
        "zh-hans": ("权限", "名称", "范围", "全公司", "本机构及下级", "额度（元）", "本人"),
    },
    "sides": {"en": ("debit", "credit"), "zh-hans": ("借", "贷")},
    "ledger-accounts": {
        "en": ("Code", "Chinese", "English", "Normal side"),
        "zh-hans": ("编码", "中文", "英文", "余额方向"),
    },
    "doubts": {
        "en": ("Doubt", "Meaning", "What happens", "noted", "to the worklist"),
        "zh-hans": ("疑问", "含义", "处理", "仅注明", "转疑问读数"),
    },
    "refusals": {"en": ("Sentence",), "zh-hans": ("提示",)},
    "states": {"en": ("Thing", "States"), "zh-hans": ("对象", "状态")},
    "graph": {"en": ("From", "By", "Action", "To"), "zh-hans": ("原状态", "操作", "名称", "新状态")},
}
SETTINGS_ZH: Bilingual = {
    "DATABASE_URL": "数据库：sqlite:///路径，或 postgres://用户@主机/库名",
    "MAINSTAY_BACKUP": "本地备份库所在目录",
    "MAINSTAY_BACKUP_OFFSITE": "异地加密备份库所在目录；留空则没有",
    "MAINSTAY_BACKUP_KEY_FILE": "异地备份库的口令文件",
    "MAINSTAY_CARRIED": "携带升级包、其公钥以及向客户端提供的文件所在目录",
    "MAINSTAY_SITE": "站点声明文件（见 mainstay site）",
    "MAINSTAY_DATA": "存放嵌入式数据库、上传文件与密钥的目录",
    "MAINSTAY_DEBUG": "开发模式：显示详细错误页，不用静态文件清单",
    "MAINSTAY_HOSTS": "网站应答的主机名，以逗号分隔",
    "MAINSTAY_SECRET_KEY_FILE": "存放签名密钥的文件",
    "MAINSTAY_HTTPS": "网站经 HTTPS 提供服务时设为 true：启用安全 Cookie 与 HSTS",
    "MAINSTAY_LANGUAGE": "用户未选择语言时使用的语言：zh-hans 或 en",
    "MAINSTAY_IDLE_MINUTES": "多少分钟无操作即自动退出登录",
    "MAINSTAY_CARD_AGENT": "收费员电脑上读写卡代理的地址",
    "MAINSTAY_BANK_FOLDER": "存放各银行密钥和本单位自定报文格式的目录",
    "MAINSTAY_CLAMD": "扫描上传文件的 clamd 地址（主机:端口或套接字路径）；留空表示不扫描",
    "MAINSTAY_PARTS": "启用的子系统，用逗号隔开",
    "MAINSTAY_OUTBOX": "短信网关取走短信文件的目录；留空则由人携带",
    "MAINSTAY_LOG_FORMAT": "日志格式：text 或 json",
}
