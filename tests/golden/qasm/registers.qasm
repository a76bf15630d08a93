// Several registers of both kinds, measured one by one; wires go by declaration.
//= P 0101 1
OPENQASM 2.0;
include "qelib1.inc";
qreg a[1];
creg first[2];
qreg b[2];
creg second[2];
qreg c[1];
x b[0];
x c[0];
measure a[0] -> first[1];
measure b -> second;
measure c[0] -> first[0];
