"""What registering refuses, in words for the person at the phone."""

from operations.errors import Refused


class DeadLink(Refused):
    """The link was used, is over, or never was: not said which."""

    def __init__(self) -> None:
        super().__init__(
            "このリンクはもう使えません。もう一度登録してください"
            "（the link opens nothing: register again）"
        )


class NoWay(Refused):
    """Neither number nor mail address was given, nor is it about LINE."""

    def __init__(self) -> None:
        super().__init__(
            "携帯電話の番号か、メールアドレスを書いてください（a number or a mail address）"
        )
