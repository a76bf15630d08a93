// Cases of what is known and of what is measured.
//= Z1 -1
//= Z2 -1
OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
bit[1] c;
const int k = 3;
switch (k) {
  case 1, 2 { x q[0]; }
  case 3 { x q[1]; }
  default { x q[2]; }
}
h q[0];
c = measure q[0];
switch (int(c)) {
  case 0 { x q[2]; }
  case 1 { y q[2]; }
}
