"""The ground: territory, hamlets, and the regulations that a village is governed by."""
