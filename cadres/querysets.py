"""Who is in post, who is a member: on a day, which is an argument."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from core.scoping import ScopedQuerySet


class PostQuerySet(ScopedQuerySet):
    def on(self, day: date):
        """The posts held on the day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class PersonQuerySet(ScopedQuerySet):
    def in_post_on(self, day: date):
        """The cadres of the day: whoever holds a post of the two committees, each person once."""
        from cadres.models import Post

        return self.filter(Exists(Post.objects.on(day).filter(person=OuterRef("pk"))))


class MemberQuerySet(ScopedQuerySet):
    def on(self, day: date):
        return self.filter(Q(joined_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day))

    def admitted_between(self, first: date, last: date):
        """Admitted as probationary members from `first` to `last`, both included."""
        return self.filter(joined_on__range=(first, last))
