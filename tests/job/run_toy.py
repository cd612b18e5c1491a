"""`python -m tests.job.run_toy FOLDER ITEMS.json`: a toy job in a process that can be killed."""

import json
import sys
from pathlib import Path

from pipeline.job.runner import run_job
from tests.job.toy import TOY_STAGES, make_toy_job

if __name__ == "__main__":
    run_job(make_toy_job(Path(sys.argv[1]), json.loads(sys.argv[2])), TOY_STAGES, print)
