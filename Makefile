# Aliases; dev.py does the work and runs where there is no make.
.PHONY: demo test

demo:
	python3 dev.py demo

test:
	python3 dev.py test
