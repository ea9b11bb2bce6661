# One word for each task; everything is done by installer/bootstrap.py, which also runs without make.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) installer/bootstrap.py

.PHONY: run test check bench package new-plugin setup lock service clean
.DEFAULT_GOAL := run

run test check bench package setup lock service clean:
	@$(BOOTSTRAP) $@ $(ARGS)

# make new-plugin NAME=parks
new-plugin:
	@$(BOOTSTRAP) $@ $(NAME)
