from django.core.management.base import BaseCommand

from facilities import standards


class Command(BaseCommand):
    help = "Load the room sets 111118 and 11147 for a territory; what is there already stays as it is."

    def add_arguments(self, parser):
        parser.add_argument(
            "--territory", default="", metavar="CODE", help="district, 6 digits; everywhere if left out"
        )

    def handle(self, territory, **options):
        for room_set in standards.load(territory):
            self.stdout.write(f"{room_set.key}: {room_set.rooms.count()} rooms, {room_set.get_state_display()}")
