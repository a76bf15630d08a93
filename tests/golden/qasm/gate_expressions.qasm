// Parameters and every operator and function of OpenQASM 2: the angle is (2^2 - 1)*pi/4 + sin(0.5) - cos(0.2)*tan(0.1) + exp(0.3)/sqrt(2) + ln(3).
//= Z0 0.07792391780196664
//= Z1 0.16996714290024104
OPENQASM 2.0;
include "qelib1.inc";
gate turn(a, b) q { ry((a^2 - 1)*pi/4 + sin(b) - cos(0.2)*tan(0.1) + exp(0.3)/sqrt(2) + ln(3)) q; }
gate twice(a) q { ry(-(-a)) q; barrier q; ry(+a) q; }
gate nothing q { }
opaque magic(a) q, r;
qreg q[2];
turn(2, 0.5) q[0];
twice(0.7) q[1];
nothing q[0];
